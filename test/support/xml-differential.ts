import fc from 'fast-check';
import { XmlReader } from '../../src/syntax/xml-reader.ts';
import { saxesEvents, speanEvents, type XmlEvents } from './xml-events.ts';

const name = fc.constantFrom('a', 'b', 'p:a', 'q:b', 'ឈ្មោះ', '_x-1.2', 'xml:lang', '__proto__');
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom('x', ' ', '\n', '\r', '\t', 'ខ', '😀', ']', '>', '-') }),
  fc.constantFrom('&amp;', '&#6017;', '&#x1F600;', '&#13;', '<![CDATA[<&]]>', '<!--c-->', '<?t d?>', '<![CDATA[]]]]>'),
);
const attribute = fc
  .tuple(
    fc.constantFrom('c', 'd', 'p:c', 'q:c', 'xmlns', 'xmlns:p', 'xmlns:q'),
    fc.constantFrom('u', 'v', '', '1\n2', '&lt;', '"'.replace('"', '&quot;')),
  )
  .map(([key, value]) => ` ${key}="${value}"`);
const { element } = fc.letrec<{ element: string }>((tie) => ({
  element: fc
    .tuple(
      name,
      fc.array(attribute, { maxLength: 4 }),
      fc.array(fc.oneof({ weight: 2, arbitrary: text }, tie('element')), { maxLength: 4 }),
    )
    .map(([tag, attributes, content]) => `<${tag}${attributes.join('')}>${content.join('')}</${tag}>`),
}));
/** A document of all constructs, mostly well-formed. */
export const arbitraryDocument: fc.Arbitrary<string> = element.map((root) => `<r xmlns:p="u" xmlns:q="w">${root}</r>`);

/** A small damage: characters that matter to XML are put in, taken out or doubled. */
export const arbitraryDamagedDocument: fc.Arbitrary<string> = fc
  .tuple(
    arbitraryDocument,
    fc.array(
      fc.tuple(
        fc.nat(),
        fc.constantFrom('', '<', '>', '&', '"', "'", '/', '!', '?', '-', ']', ':', '=', ' ', '\x0b', ';', 'x'),
      ),
      { minLength: 1, maxLength: 3 },
    ),
  )
  .map(([whole, changes]) =>
    changes.reduce((result, [at, put]) => {
      const index = at % (result.length + 1);
      return result.slice(0, index) + put + result.slice(put === '' ? index + 1 : index);
    }, whole),
  );

/** The same in bytes: many of them are no UTF-8 any longer. */
export const arbitraryDamagedBytes: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    arbitraryDocument,
    fc.array(
      fc.tuple(fc.nat(), fc.nat(2), fc.oneof(fc.nat(255), fc.constantFrom(0x3c, 0x26, 0xc2, 0xe1, 0x9e, 0xed, 0xf0))),
      { minLength: 1, maxLength: 3 },
    ),
  )
  .map(([whole, changes]) => {
    const bytes = [...new TextEncoder().encode(whole)];
    for (const [at, lost, put] of changes) bytes.splice(at % (bytes.length + 1), lost, put);
    return Uint8Array.from(bytes);
  });

function outcome(read: (text: string) => XmlEvents, whole: string): XmlEvents | 'refused' {
  try {
    return read(whole);
  } catch {
    return 'refused';
  }
}

/** saxes takes a surrogate that stands alone, which is no character (XML 1.0, [2]). */
const hasLoneSurrogate = (whole: string): boolean => !whole.isWellFormed();

/** saxes takes any name character behind a colon, where Namespaces in XML 1.0, [4], wants one that begins a name. */
const LAX_IN_SAXES = /:[-.0-9]/;

/** saxes takes a `?` right behind a target, where XML 1.0, [16] wants white space or the end. */
const LAX_INSTRUCTION = /<\?[^\s?]+\?(?!>)/;

/** saxes trims the names of namespaces; they are compared as they stand (Namespaces in XML 1.0, 2.3). */
const TRIMMED_BY_SAXES = /xmlns[^=]*=\s*(?:"(?:\s|[^"]*\s")|'(?:\s|[^']*\s'))/;

/** What both readers make of one document. Equal outcomes, but for where saxes is known to be lenient. */
export interface Comparison {
  readonly ours: XmlEvents | 'refused';
  readonly theirs: XmlEvents | 'refused';
  /** They may differ here: the document has one of the things that saxes takes and XML does not. */
  readonly excused: boolean;
}

/** As a service reads, one answer after the other. */
const reader = new XmlReader();

/** saxes reads texts: what is no UTF-8 is refused for it. */
export function compareReadersOfBytes(bytes: Uint8Array): Comparison {
  const ours = outcome(() => speanEvents(bytes, reader), '');
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { ...compareReaders(text), ours };
  } catch {
    return { ours, theirs: 'refused', excused: false };
  }
}

export function compareReaders(whole: string): Comparison {
  const ours = outcome((text) => speanEvents(text, reader), whole);
  const saxesIsLax = LAX_IN_SAXES.test(whole) || LAX_INSTRUCTION.test(whole) || hasLoneSurrogate(whole);
  const excused = (ours === 'refused' && saxesIsLax) || TRIMMED_BY_SAXES.test(whole);
  return { ours, theirs: outcome(saxesEvents, whole), excused };
}
