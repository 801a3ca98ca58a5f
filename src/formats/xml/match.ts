import type { Cell, SourceRecord } from '../../model/source.ts';
import { utf8Text } from '../../syntax/utf8.ts';
import { Interest, placeAt, type XmlHandler, type XmlTag } from '../../syntax/xml-reader.ts';
import { unexpected } from '../refusal.ts';
import type { Beginning, ElementMatcher, Filling } from './element-matcher.ts';
import { type CollectedText, JoinedTexts } from './joined-text.ts';
import { XSI_NAMESPACE } from './position.ts';
import { XmlCell } from './xml-cell.ts';

/** What a format adds to the reading of a record's elements; each may throw to refuse the document. */
export interface MatchHooks {
  /** Sees every element that the plan asks for and that has attributes. */
  readonly check?: (tag: XmlTag) => void;
  /** The text that stands for a child element of a text position, such as an XOP include; undefined: refused. */
  readonly inline?: (tag: XmlTag) => string | undefined;
  /** Has the last word on the text of an element or attribute; undefined: it stays what it is. */
  readonly finish?: ((text: string) => string | undefined) | undefined;
}

const NOTHING = new Uint8Array();
const NO_HOOKS: MatchHooks = {};

/** A slot while it is filled: what has come so far. */
type OpenSlot = undefined | Cell | SourceRecord | (Cell | SourceRecord)[];

/** A record while it is read. */
interface OpenRecord {
  slots: OpenSlot[];
  readonly offset: number;
  readonly nil?: true;
}

/** An element that is open and of interest; used again for the next element at its depth. */
interface Frame extends CollectedText {
  matcher: ElementMatcher;
  name: string;
  offset: number;
  nil: boolean;
  /** What a hook gave for the one child element that stands for the text. */
  inlined: string | undefined;
}

/**
 * Fills the slots of one record at a time from reader events, beginning with the open tag of the record's element, whose
 * inside is to be handed to it. One pass, no tree: what no position asks for is only checked for well-formedness by the
 * reader. It is used for answer after answer: V8 throws compiled code away once all objects of a shape it knows are gone.
 *
 * Refused with SpeanError `legacy-unexpected` and the place: a position that occurs twice without being a list, a text
 * position whose element has child elements, an `xsi:nil` that is no boolean, and content of an element that says it
 * is nil. A list position such as `Companies/Company` collects across several `Companies`, as XML Schema permits.
 */
export class Match implements XmlHandler {
  readonly #matcher: ElementMatcher;
  readonly #parentPath: string;
  #bytes: Uint8Array = NOTHING;
  #hooks: MatchHooks = NO_HOOKS;
  readonly #frames: Frame[] = [];
  readonly #joined = new JoinedTexts();
  /** How many frames are open. */
  #depth = 0;
  /** The open records, by the numbers that the matchers give them; a number is used again when its record has ended. */
  readonly #records: OpenRecord[] = [];

  /** `parentPath`: the elements around the record's own, for places. */
  constructor(matcher: ElementMatcher, parentPath: string) {
    this.#matcher = matcher;
    this.#parentPath = parentPath;
  }

  /** Begins a record with the tag of its element; `bytes` are the document's. Gives what is wanted of its inside. */
  begin(tag: XmlTag, bytes: Uint8Array, hooks: MatchHooks = NO_HOOKS): Interest {
    this.#bytes = bytes;
    this.#hooks = hooks;
    this.#depth = 0;
    return this.#enter(this.#matcher, tag);
  }

  /** The record, which is whole when the reader has closed its element. */
  get record(): SourceRecord {
    return this.#records[0] as SourceRecord;
  }

  /** Lets go of the document and its record. */
  forget(): void {
    this.#bytes = NOTHING;
    this.#hooks = NO_HOOKS;
    this.#records.length = 0;
    this.#joined.forget();
    for (const frame of this.#frames) {
      frame.bytes = NOTHING;
      frame.inlined = undefined;
    }
  }

  open(tag: XmlTag): Interest {
    const top = this.#frames[this.#depth - 1]!;
    if (top.nil) this.#refuse('An element that says xsi:nil has content', tag.offset, tag.local);
    if (top.matcher.wholeText) {
      this.#inline(top, tag);
      return Interest.nothing;
    }
    const matcher = top.matcher.child(tag.local, tag.namespace);
    return matcher === undefined ? Interest.nothing : this.#enter(matcher, tag);
  }

  text(bytes: Uint8Array, start: number, end: number): void {
    const frame = this.#frames[this.#depth - 1]!;
    if (frame.end > frame.start || bytes !== this.#bytes) {
      this.#joined.append(frame, bytes, start, end);
      return;
    }
    frame.start = start;
    frame.end = end;
  }

  close(): void {
    const frame = this.#frames[this.#depth - 1]!;
    const { texts, beginnings } = frame.matcher;
    if (texts.length > 0) this.#fillTexts(frame, texts);
    for (let index = 0; index < beginnings.length; index++) this.#end(beginnings[index]!);
    this.#depth--;
  }

  #enter(matcher: ElementMatcher, tag: XmlTag): Interest {
    const hasAttributes = tag.attributeCount > 0;
    const nil = hasAttributes && this.#isNil(tag);
    if (hasAttributes) this.#hooks.check?.(tag);
    const { beginnings } = matcher;
    for (let index = 0; index < beginnings.length; index++) this.#begin(beginnings[index]!, tag, nil);
    if (hasAttributes) this.#fillAttributes(matcher, tag);
    this.#push(matcher, tag, nil);
    return matcher.interest;
  }

  #push(matcher: ElementMatcher, { local: name, offset }: XmlTag, nil: boolean): void {
    const frame = this.#frames[this.#depth++];
    if (frame === undefined) {
      const nothing = { bytes: this.#bytes, start: 0, end: 0, room: 0 };
      this.#frames.push({ matcher, name, offset, nil, inlined: undefined, ...nothing });
      return;
    }
    frame.matcher = matcher;
    frame.name = name;
    frame.offset = offset;
    frame.nil = nil;
    frame.inlined = undefined;
    if (frame.bytes !== this.#bytes) frame.bytes = this.#bytes; // telling the collector of a store takes longer than a look
    frame.start = 0;
    frame.end = 0;
    frame.room = 0;
  }

  #begin({ number, shape, fills }: Beginning, { offset, local }: XmlTag, nil: boolean): void {
    const slots: OpenSlot[] = shape.empty.slice();
    const record = nil ? { slots, offset, nil: true as const } : { slots, offset };
    if (fills !== undefined) this.#fill(fills, record as SourceRecord, offset, local);
    this.#records[number] = record;
  }

  /** Where a slot may be filled from several positions, the first of them that is present wins. */
  #end({ number, shape }: Beginning): void {
    if (shape.alternatives === undefined) return;
    const record = this.#records[number]!;
    record.slots = shape.alternatives.map(
      (targets) => record.slots[targets.find((target) => record.slots[target] !== undefined) ?? -1],
    );
  }

  #inline(frame: Frame, tag: XmlTag): void {
    const text = frame.inlined === undefined ? this.#hooks.inline?.(tag) : undefined;
    if (text === undefined) {
      this.#refuse('A text position has child elements: expected text only', tag.offset, tag.local);
    }
    frame.inlined = text;
  }

  #fillAttributes({ attributes }: ElementMatcher, tag: XmlTag): void {
    for (const filling of attributes) {
      const { local, namespace, prefixes } = filling.target;
      const value = tag.attributeUtf8(local, namespace);
      if (value === undefined) continue;
      const { bytes, start, end } = value;
      const own = prefixes && withOwnPrefix(utf8Text(bytes, start, end), tag, prefixes);
      const text = this.#hooks.finish?.(own ?? utf8Text(bytes, start, end)) ?? own;
      const { offset } = tag;
      const cell = text === undefined ? new XmlCell(bytes, start, end, offset) : { text, offset };
      this.#fill(filling, cell, offset, `${tag.local}/@${local}`);
    }
  }

  #fillTexts(frame: Frame, texts: readonly Filling[]): void {
    const { bytes, start, end, offset } = frame;
    const text = this.#otherTextOf(frame);
    for (let index = 0; index < texts.length; index++) {
      const cell = text === undefined ? new XmlCell(bytes, start, end, offset) : { text, offset };
      this.#fill(texts[index]!, cell, offset);
    }
  }

  /** What stands for the text where it is not what stands in the element: null for nil. */
  #otherTextOf({ nil, inlined, bytes, start, end, offset }: Frame): string | null | undefined {
    if ((nil || inlined !== undefined) && utf8Text(bytes, start, end).trim() !== '') {
      this.#refuse('An element that is nil or holds an attachment has text as well', offset);
    }
    if (nil) return null;
    return inlined ?? this.#hooks.finish?.(utf8Text(bytes, start, end));
  }

  /** `name`: the element or attribute below the innermost open frame, where there is one. */
  #fill({ record, target }: Filling, value: Cell | SourceRecord, offset: number, name?: string): void {
    const { slots } = this.#records[record]!;
    const present = slots[target.index];
    if (target.repeats) {
      if (Array.isArray(present)) present.push(value);
      else slots[target.index] = [value];
      return;
    }
    if (present !== undefined) this.#refuse('A position that is declared once occurs again', offset, name);
    slots[target.index] = value;
  }

  /** XML Schema part 1, 2.6.2; the value is an xs:boolean, whose white space collapses. */
  #isNil(tag: XmlTag): boolean {
    const value = tag.attribute('nil', XSI_NAMESPACE)?.trim();
    if (value === undefined || value === 'false' || value === '0') return false;
    if (value === 'true' || value === '1') return true;
    return this.#refuse('xsi:nil is no boolean: expected true, false, 1 or 0', tag.offset, tag.local);
  }

  #refuse(message: string, offset: number, name?: string): never {
    const names = this.#frames.slice(0, this.#depth).map((frame) => frame.name);
    const path = [this.#parentPath, ...names, name ?? ''].filter((part) => part !== '').join('/');
    throw unexpected(message, { ...placeAt(this.#bytes, offset), path });
  }
}

/** A QName value with the endpoint's prefix for its namespace; as it stands where the endpoint declares none. */
function withOwnPrefix(value: string, tag: XmlTag, prefixes: ReadonlyMap<string, string>): string {
  const name = value.trim();
  const colon = name.indexOf(':');
  const prefix = prefixes.get(tag.namespaceOf(colon < 0 ? '' : name.slice(0, colon)) ?? '');
  return prefix === undefined ? name : `${prefix}:${name.slice(colon + 1)}`;
}
