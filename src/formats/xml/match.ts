import type { Place } from '../../model/place.ts';
import type { Cell, SourceRecord } from '../../model/source.ts';
import { Interest, type XmlTag } from '../../syntax/xml-reader.ts';
import { unexpected } from '../refusal.ts';
import type { ElementNode, RecordShape, Target } from './compile-matcher.ts';
import { XSI_NAMESPACE } from './position.ts';

/** What a format adds to the reading of a record's elements; each may throw to refuse the document. */
export interface MatchHooks {
  /** Sees every element that the plan asks for. */
  readonly check?: (tag: XmlTag) => void;
  /** The text that stands for a child element of a text position, such as an XOP include; undefined: refused. */
  readonly inline?: (tag: XmlTag) => string | undefined;
  /** Has the last word on the text of an element or attribute. */
  readonly finish?: (text: string) => string;
}

/** Where an offset of the document that is being read stands. */
export type PlaceOf = (offset: number, path: string) => Place;

/** A record while it is read. */
interface Draft {
  readonly shape: RecordShape;
  readonly values: (undefined | Cell | SourceRecord | (Cell | SourceRecord)[])[];
  readonly record: { slots: SourceRecord['slots']; readonly offset: number; readonly nil?: true };
}

/** A node of the compiled plan that the open element has reached, and the record that it fills. */
interface Reached {
  readonly node: ElementNode;
  readonly draft: Draft;
}

/** An element that is open and of interest. */
interface Frame {
  readonly name: string;
  readonly offset: number;
  readonly nil: boolean;
  readonly reached: readonly Reached[];
  /** Records that begin and end with the element. */
  readonly drafts: readonly Draft[];
  /** A slot takes the element's whole text, so that a child element would lose some of it. */
  readonly wholeText: boolean;
  text: string;
  /** What a hook gave for the one child element that stands for the text. */
  inlined?: string;
}

/**
 * Fills the slots of one record from reader events, beginning with the open tag of the record's element. One pass, no
 * tree: what no position asks for is only checked for well-formedness by the reader.
 *
 * Refused with SpeanError `legacy-unexpected` and the place: a position that occurs twice without being a list, a text
 * position whose element has child elements, an `xsi:nil` that is no boolean, and content of an element that says it
 * is nil. A list position such as `Companies/Company` collects across several `Companies`, as XML Schema permits.
 */
export class Match {
  readonly record: SourceRecord;
  /** What the reader shall report of the record's element itself. */
  readonly interest: Interest;
  readonly #frames: Frame[] = [];
  readonly #hooks: MatchHooks;
  readonly #placeOf: PlaceOf;
  readonly #parentPath: string;

  constructor(shape: RecordShape, tag: XmlTag, placeOf: PlaceOf, parentPath: string, hooks: MatchHooks = {}) {
    this.#placeOf = placeOf;
    this.#parentPath = parentPath;
    this.#hooks = hooks;
    const nil = this.#isNil(tag);
    const draft = startDraft(shape, tag.offset, nil);
    this.record = draft.record;
    this.interest = this.#enter(tag, [{ node: shape.root, draft }], [draft], nil);
  }

  open(tag: XmlTag): Interest {
    const top = this.#frames.at(-1);
    if (top === undefined) return Interest.nothing;
    if (top.nil) this.#refuse('An element that says xsi:nil has content', tag.offset, tag.local);
    if (top.wholeText) {
      this.#inline(top, tag);
      return Interest.nothing;
    }
    const reached = reachedChildren(top.reached, tag);
    return reached.length === 0 ? Interest.nothing : this.#enter(tag, reached, [], this.#isNil(tag));
  }

  text(text: string): void {
    const top = this.#frames.at(-1);
    if (top !== undefined) top.text += text;
  }

  close(): void {
    const frame = this.#frames.at(-1);
    if (frame === undefined) return;
    this.#fillTexts(frame);
    for (const draft of frame.drafts) finishDraft(draft);
    this.#frames.pop();
  }

  #enter(tag: XmlTag, first: readonly Reached[], rootDrafts: readonly Draft[], nil: boolean): Interest {
    this.#hooks.check?.(tag);
    const drafts = [...rootDrafts];
    const reached = [...first];
    // `reached` grows while it is walked: a record's own root may hold another record at `.`
    for (const { node, draft } of reached) {
      this.#fillAttributes(node, draft, tag);
      for (const target of node.records) {
        const inner = startDraft(target.shape, tag.offset, nil);
        this.#fill(draft, target, inner.record, tag.offset, tag.local);
        drafts.push(inner);
        reached.push({ node: target.shape.root, draft: inner });
      }
    }
    const wholeText = reached.some(({ node }) => node.texts.length > 0);
    this.#frames.push({ name: tag.local, offset: tag.offset, nil, reached, drafts, wholeText, text: '' });
    return wholeText || reached.some(({ node }) => node.ownTexts.length > 0) ? Interest.content : Interest.elements;
  }

  #inline(frame: Frame, tag: XmlTag): void {
    const text = frame.inlined === undefined ? this.#hooks.inline?.(tag) : undefined;
    if (text === undefined) {
      this.#refuse('A text position has child elements: expected text only', tag.offset, tag.local);
    }
    frame.inlined = text;
  }

  #fillAttributes(node: ElementNode, draft: Draft, tag: XmlTag): void {
    for (const target of node.attributes) {
      const value = tag.attribute(target.local, target.namespace);
      if (value === undefined) continue;
      const own = target.prefixes === undefined ? value : withOwnPrefix(value, tag, target.prefixes);
      const text = this.#hooks.finish?.(own) ?? own;
      this.#fill(draft, target, { text, offset: tag.offset }, tag.offset, `${tag.local}/@${target.local}`);
    }
  }

  #fillTexts(frame: Frame): void {
    const text = this.#textOf(frame);
    for (const { node, draft } of frame.reached) {
      for (const target of [...node.texts, ...node.ownTexts]) {
        this.#fill(draft, target, { text, offset: frame.offset }, frame.offset);
      }
    }
  }

  #textOf(frame: Frame): string | null {
    const { nil, inlined, text } = frame;
    if ((nil || inlined !== undefined) && text.trim() !== '') {
      this.#refuse('An element that is nil or holds an attachment has text as well', frame.offset);
    }
    if (nil) return null;
    return inlined ?? this.#hooks.finish?.(text) ?? text;
  }

  /** `name`: the element or attribute below the innermost open frame, where there is one. */
  #fill(draft: Draft, target: Target, value: Cell | SourceRecord, offset: number, name?: string): void {
    const present = draft.values[target.index];
    if (target.repeats) {
      if (Array.isArray(present)) present.push(value);
      else draft.values[target.index] = [value];
      return;
    }
    if (present !== undefined) this.#refuse('A position that is declared once occurs again', offset, name);
    draft.values[target.index] = value;
  }

  /** XML Schema part 1, 2.6.2; the value is an xs:boolean, whose white space collapses. */
  #isNil(tag: XmlTag): boolean {
    const value = tag.attribute('nil', XSI_NAMESPACE)?.trim();
    if (value === undefined || value === 'false' || value === '0') return false;
    if (value === 'true' || value === '1') return true;
    return this.#refuse('xsi:nil is no boolean: expected true, false, 1 or 0', tag.offset, tag.local);
  }

  #refuse(message: string, offset: number, name?: string): never {
    const names = this.#frames.map((frame) => frame.name);
    const path = [this.#parentPath, ...names, name].filter((part) => part !== undefined && part !== '').join('/');
    throw unexpected(message, this.#placeOf(offset, path));
  }
}

/** A QName value with the endpoint's prefix for its namespace; as it stands where the endpoint declares none. */
function withOwnPrefix(value: string, tag: XmlTag, prefixes: ReadonlyMap<string, string>): string {
  const name = value.trim();
  const colon = name.indexOf(':');
  const prefix = prefixes.get(tag.namespaceOf(colon < 0 ? '' : name.slice(0, colon)) ?? '');
  return prefix === undefined ? name : `${prefix}:${name.slice(colon + 1)}`;
}

function startDraft(shape: RecordShape, offset: number, nil: boolean): Draft {
  const values = new Array<undefined>(shape.targets).fill(undefined);
  return { shape, values, record: { slots: values, offset, ...(nil ? { nil: true } : {}) } };
}

function finishDraft({ shape, values, record }: Draft): void {
  if (shape.alternatives === undefined) return;
  record.slots = shape.alternatives.map(
    (targets) => values[targets.find((target) => values[target] !== undefined) ?? -1],
  ) as SourceRecord['slots'];
}

function reachedChildren(reached: readonly Reached[], tag: XmlTag): Reached[] {
  const found: Reached[] = [];
  for (const { node, draft } of reached) {
    const edges = node.children.get(tag.local);
    if (edges === undefined) continue;
    for (const edge of edges) {
      if (edge.namespace === undefined || edge.namespace === tag.namespace) found.push({ node: edge.node, draft });
    }
  }
  return found;
}
