import { utf8Text } from '../../syntax/utf8.ts';
import { Interest, type XmlHandler, type XmlTag } from '../../syntax/xml-reader.ts';

/** What a fault says, in the words that a problem rule compares. */
export interface SoapFault {
  /**
   * Fault code and subcodes without prefix, outermost first, the local names of the detail's child elements, and the
   * reason where it is a code itself: many services tell their faults apart by `faultstring` alone.
   */
  readonly names: readonly string[];
}

/** Elements that lead to others, and elements whose text counts; SOAP 1.1, 4.4 and SOAP 1.2 part 1, 5.4. */
const CONTAINERS: ReadonlySet<string> = new Set(['Code', 'Subcode', 'Reason']);
const CODES: ReadonlySet<string> = new Set(['faultcode', 'Value']);
const REASONS: ReadonlySet<string> = new Set(['faultstring', 'Text']);
/** One word of the kind that programs compare: no sentence, and no name of a person. */
const CODE_LIKE = /^[A-Z][A-Z0-9_.-]{2,63}$/;
const DETAILS: ReadonlySet<string> = new Set(['detail', 'Detail']);

/**
 * Collects a fault of either version from reader events, beginning inside the Fault element. Names are compared without
 * namespace and both versions' are known at once, because old stacks mix them; what is odd in a fault never turns it
 * into an answer.
 */
export class FaultReader implements XmlHandler {
  readonly #codes: string[] = [];
  readonly #details: string[] = [];
  readonly #open: string[] = [];
  #reason: string | undefined;
  #text = '';

  open(tag: XmlTag): Interest {
    if (DETAILS.has(this.#open.at(-1) ?? '')) {
      this.#details.push(tag.local);
      return Interest.nothing;
    }
    const interest = interestIn(tag.local);
    if (interest !== Interest.nothing) this.#open.push(tag.local);
    this.#text = '';
    return interest;
  }

  text(bytes: Uint8Array, start: number, end: number): void {
    this.#text += utf8Text(bytes, start, end);
  }

  close(): void {
    const name = this.#open.pop() ?? '';
    const text = this.#text.trim();
    this.#text = '';
    if (text === '') return;
    if (CODES.has(name)) this.#codes.push(text.slice(text.lastIndexOf(':') + 1));
    else if (REASONS.has(name)) this.#reason ??= text;
  }

  result(): SoapFault {
    const reason = this.#reason ?? '';
    return { names: [...this.#codes, ...this.#details, ...(CODE_LIKE.test(reason) ? [reason] : [])] };
  }
}

function interestIn(local: string): Interest {
  if (CODES.has(local) || REASONS.has(local)) return Interest.content;
  return CONTAINERS.has(local) || DETAILS.has(local) ? Interest.elements : Interest.nothing;
}
