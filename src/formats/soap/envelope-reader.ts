import type { SourceRecord } from '../../model/source.ts';
import { Interest, placeAt, type XmlHandler, type XmlLimits, XmlReader, type XmlTag } from '../../syntax/xml-reader.ts';
import { unexpected } from '../refusal.ts';
import type { ElementMatcher } from '../xml/element-matcher.ts';
import { Match, type MatchHooks } from '../xml/match.ts';
import { ENCODED_REFERENCE } from './encoded-reference.ts';
import { FaultReader, type SoapFault } from './fault-reader.ts';
import { SOAP_VERSIONS, type SoapVersion } from './soap-version.ts';

/** What an answer's envelope must be. */
export interface ExpectedEnvelope {
  readonly version: SoapVersion;
  /** Local name and namespace of the body element. */
  readonly local: string;
  readonly namespace: string;
  readonly matcher: ElementMatcher;
  readonly limits?: XmlLimits;
}

/** The record of an envelope's body element, or its fault. */
export type EnvelopeContent = { readonly record: SourceRecord } | { readonly fault: SoapFault };

const NOTHING = new Uint8Array();

/**
 * Reads the envelopes of one operation, one at a time and each in one pass. A fault of either SOAP version wins over all
 * other checks. Otherwise the envelope is of the endpoint's version and its body holds exactly the declared element;
 * SpeanError `legacy-unexpected` says what is not so, with its place.
 *
 * Header blocks are passed over, `mustUnderstand` ones too: SOAP would have us answer with a fault, but nobody is there
 * to hear it, and real stacks mark WS-Addressing blocks that say nothing of the body.
 */
export class EnvelopeReader implements XmlHandler {
  readonly #expected: ExpectedEnvelope;
  readonly #reader: XmlReader;
  readonly #match: Match;
  /** Names of the envelope's own open elements: Envelope, Body. */
  readonly #path: string[] = [];
  #document: Uint8Array = NOTHING;
  #hooks: MatchHooks | undefined;
  #version: SoapVersion | undefined;
  #sawBody = false;
  #matched = false;
  #fault: FaultReader | undefined;
  /** The first thing wrong with the body's children, told only if no fault follows. */
  #objection: (() => never) | undefined;

  constructor(expected: ExpectedEnvelope) {
    this.#expected = expected;
    this.#reader = new XmlReader(expected.limits);
    this.#match = new Match(expected.matcher, 'Envelope/Body');
  }

  read(document: Uint8Array, hooks?: MatchHooks): EnvelopeContent {
    this.#document = document;
    this.#hooks = hooks;
    try {
      this.#reader.read(document, this);
      return this.#result();
    } finally {
      this.#forget();
    }
  }

  /** The fault in an error answer; undefined where there is none or the document is no envelope. */
  readFault(document: Uint8Array): SoapFault | undefined {
    try {
      const content = this.read(document);
      return 'fault' in content ? content.fault : undefined;
    } catch {
      return undefined;
    }
  }

  #forget(): void {
    this.#match.forget();
    this.#path.length = 0;
    this.#document = NOTHING;
    this.#hooks = undefined;
    this.#version = undefined;
    this.#sawBody = false;
    this.#matched = false;
    this.#fault = undefined;
    this.#objection = undefined;
  }

  open(tag: XmlTag): Interest {
    if (this.#path.length === 0) return this.#openEnvelope(tag);
    return this.#path.length === 1 ? this.#openBody(tag) : this.#openBodyChild(tag);
  }

  text(): void {}

  close(): void {
    this.#path.pop();
  }

  #result(): EnvelopeContent {
    if (this.#fault !== undefined) return { fault: this.#fault.result() };
    this.#objection?.();
    if (this.#matched) return { record: this.#match.record };
    const missing = this.#sawBody
      ? `The SOAP body is empty: expected ${this.#expected.local}`
      : 'The SOAP envelope has no Body';
    throw unexpected(missing, { path: this.#sawBody ? 'Envelope/Body' : 'Envelope' });
  }

  #openEnvelope(tag: XmlTag): Interest {
    if (tag.local !== 'Envelope') {
      this.#refuse(`The answer is no SOAP envelope: its root element is ${tag.local}`, tag.offset, tag.local);
    }
    this.#version = SOAP_VERSIONS.find(({ namespace }) => namespace === tag.namespace);
    if (this.#version === undefined) {
      const known = SOAP_VERSIONS.map(({ namespace }) => namespace).join(' or ');
      this.#refuse(`The envelope is of no known SOAP version: expected the namespace ${known}`, tag.offset, tag.local);
    }
    this.#path.push(tag.local);
    return Interest.elements;
  }

  #openBody(tag: XmlTag): Interest {
    if (tag.local !== 'Body' || tag.namespace !== this.#version?.namespace) return Interest.nothing;
    if (this.#sawBody) this.#refuse('The SOAP envelope has two Bodies', tag.offset, tag.local);
    this.#sawBody = true;
    this.#path.push(tag.local);
    return Interest.elements;
  }

  #openBodyChild(tag: XmlTag): Interest {
    if (tag.local === 'Fault' && tag.namespace === this.#version?.namespace) {
      this.#fault ??= new FaultReader();
      tag.handInside(this.#fault);
      return Interest.elements;
    }
    const objection = this.#objectionTo(tag);
    if (objection !== undefined) {
      const { offset, local } = tag;
      this.#objection ??= () => this.#refuse(objection, offset, `Envelope/Body/${local}`);
      return Interest.nothing;
    }
    this.#matched = true;
    tag.handInside(this.#match);
    return this.#match.begin(tag, this.#document, this.#hooks);
  }

  #objectionTo(tag: XmlTag): string | undefined {
    const { version, local, namespace } = this.#expected;
    if (this.#version !== version) {
      return `The answer is SOAP ${this.#version?.name}: expected SOAP ${version.name}`;
    }
    if (tag.local === 'multiRef') return ENCODED_REFERENCE;
    if (this.#matched) return 'The SOAP body holds more than one element';
    if (tag.local === local && tag.namespace === namespace) return undefined;
    return `The SOAP body holds an element that is not declared: expected ${local} of namespace ${JSON.stringify(namespace)}`;
  }

  #refuse(message: string, offset: number, path: string): never {
    throw unexpected(message, { ...placeAt(this.#document, offset), path });
  }
}
