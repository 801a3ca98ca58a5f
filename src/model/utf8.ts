/** A text as well-formed UTF-8 within other bytes. */
export interface Utf8 {
  readonly bytes: Uint8Array;
  /** Of its first byte. */
  readonly start: number;
  /** Behind its last byte. */
  readonly end: number;
}
