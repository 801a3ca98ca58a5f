/** DER (X.690) as far as certificates and ECDSA signatures need it. */
export const DER_INTEGER = 0x02;
export const DER_SEQUENCE = 0x30;
export const DER_UTC_TIME = 0x17;
export const DER_GENERALIZED_TIME = 0x18;

/** Content of 16 MiB and more is refused: nothing read here comes near. */
const LENGTH_MAX_OCTETS = 3;

export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array<ArrayBuffer>;
  /** Tag and length included. */
  readonly whole: Uint8Array<ArrayBuffer>;
}

/** The elements that fill the bytes, one level deep. Throws a TypeError for anything that is not DER to the last byte. */
export function readDerElements(bytes: Uint8Array<ArrayBuffer>): DerElement[] {
  const elements: DerElement[] = [];
  for (let start = 0; start < bytes.length; ) {
    const element = readElement(bytes, start);
    elements.push(element);
    start += element.whole.length;
  }
  return elements;
}

/** The elements inside a sequence that is alone in the bytes. */
export function readDerSequence(bytes: Uint8Array<ArrayBuffer>): DerElement[] {
  const [sequence, ...rest] = readDerElements(bytes);
  if (sequence?.tag !== DER_SEQUENCE || rest.length > 0) throw new TypeError('DER: one SEQUENCE is expected');
  return readDerElements(sequence.content);
}

function readElement(bytes: Uint8Array<ArrayBuffer>, start: number): DerElement {
  const tag = bytes[start] ?? 0;
  const first = bytes[start + 1];
  if (first === undefined) throw new TypeError('DER: the bytes end inside an element');
  if ((tag & 0x1f) === 0x1f) throw new TypeError('DER: a tag of several octets is not expected here');
  const lengthOctets = first < 0x80 ? 0 : first & 0x7f;
  const length = lengthOctets === 0 && first < 0x80 ? first : readLongLength(bytes, start + 2, lengthOctets);
  const contentStart = start + 2 + lengthOctets;
  const end = contentStart + length;
  if (end > bytes.length) throw new TypeError('DER: the bytes end inside an element');
  return { tag, content: bytes.subarray(contentStart, end), whole: bytes.subarray(start, end) };
}

/** X.690, 10.1: definite, and in the fewest octets. */
function readLongLength(bytes: Uint8Array, start: number, octets: number): number {
  if (octets === 0 || octets > LENGTH_MAX_OCTETS) throw new TypeError('DER: a length is indefinite or too large');
  let length = 0;
  for (let index = 0; index < octets; index++) length = length * 256 + (bytes[start + index] ?? 0);
  if (length < 0x80 || length < 256 ** (octets - 1)) throw new TypeError('DER: a length is not in its shortest form');
  return length;
}
