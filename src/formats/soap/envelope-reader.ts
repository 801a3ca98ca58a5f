import type { SourceRecord } from '../../model/source.ts';
import { Interest, placeAt, type XmlHandler, type XmlReader, type XmlTag } from '../../syntax/xml-reader.ts';
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
  readonly hooks: MatchHooks;
  /** Of all answers of the operation. */
  readonly reader: XmlReader;
}

/** The record of an envelope's body element, or its fault. */
export type EnvelopeContent = { readonly record: SourceRecord } | { readonly fault: SoapFault };

/**
 * Reads an envelope in one pass. A fault of either SOAP version wins over all other checks. Otherwise the envelope is
 * of the endpoint's version and its body holds exactly the declared element; SpeanError `legacy-unexpected` says what
 * is not so, with its place.
 *
 * Header blocks are passed over, `mustUnderstand` ones too: SOAP would have us answer with a fault, but nobody is there
 * to hear it, and real stacks mark WS-Addressing blocks that say nothing of the body.
 */
export function readEnvelope(document: Uint8Array, expected: ExpectedEnvelope): EnvelopeContent {
  const envelope = new EnvelopeReader(document, expected);
  expected.reader.read(document, envelope);
  return envelope.result();
}

/** The fault in an error answer; undefined where there is none or the document is no envelope. */
export function readFault(document: Uint8Array, expected: ExpectedEnvelope): SoapFault | undefined {
  try {
    const content = readEnvelope(document, expected);
    return 'fault' in content ? content.fault : undefined;
  } catch {
    return undefined;
  }
}

class EnvelopeReader implements XmlHandler {
  readonly #document: Uint8Array;
  readonly #expected: ExpectedEnvelope;
  /** Names of the envelope's own open elements: Envelope, Body. */
  readonly #path: string[] = [];
  #version: SoapVersion | undefined;
  #sawBody = false;
  #match: Match | undefined;
  #fault: FaultReader | undefined;
  /** The first thing wrong with the body's children, told only if no fault follows. */
  #objection: (() => never) | undefined;

  constructor(document: Uint8Array, expected: ExpectedEnvelope) {
    this.#document = document;
    this.#expected = expected;
  }

  open(tag: XmlTag): Interest {
    if (this.#path.length === 0) return this.#openEnvelope(tag);
    return this.#path.length === 1 ? this.#openBody(tag) : this.#openBodyChild(tag);
  }

  text(): void {}

  close(): void {
    this.#path.pop();
  }

  result(): EnvelopeContent {
    if (this.#fault !== undefined) return { fault: this.#fault.result() };
    this.#objection?.();
    if (this.#match !== undefined) return { record: this.#match.record };
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
    this.#match = new Match(this.#expected.matcher, tag, this.#document, 'Envelope/Body', this.#expected.hooks);
    tag.handInside(this.#match);
    return this.#match.interest;
  }

  #objectionTo(tag: XmlTag): string | undefined {
    const { version, local, namespace } = this.#expected;
    if (this.#version !== version) {
      return `The answer is SOAP ${this.#version?.name}: expected SOAP ${version.name}`;
    }
    if (tag.local === 'multiRef') return ENCODED_REFERENCE;
    if (this.#match !== undefined) return 'The SOAP body holds more than one element';
    if (tag.local === local && tag.namespace === namespace) return undefined;
    return `The SOAP body holds an element that is not declared: expected ${local} of namespace ${JSON.stringify(namespace)}`;
  }

  #refuse(message: string, offset: number, path: string): never {
    throw unexpected(message, { ...placeAt(this.#document, offset), path });
  }
}
