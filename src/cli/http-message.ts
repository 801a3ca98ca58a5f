import { CommandError } from './shell.ts';

/** An HTTP/1.1 message as a file holds it (RFC 9112, 2.1): what `curl -i` saves of an answer, or a request by hand. */
export interface HttpMessage {
  /** The request line or the status line. */
  readonly startLine: string;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Reads one message; lines may end with a line feed alone, as an editor saves them. Throws CommandError. */
export function readHttpMessage(bytes: Uint8Array<ArrayBuffer>, what: string): HttpMessage {
  const end = endOfHead(bytes);
  const [startLine = '', ...lines] = new TextDecoder().decode(bytes.subarray(0, end.head)).split(/\r?\n/);
  const headers = new Headers();
  for (const line of lines.filter((text) => text !== '')) {
    const colon = line.indexOf(':');
    if (colon < 1) throw new CommandError(`${what}: "${line.slice(0, 40)}" is no header line`);
    headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return { startLine, headers, body: bytes.slice(end.body) };
}

/** The head ends at the first empty line; a message without one has no body. */
function endOfHead(bytes: Uint8Array): { head: number; body: number } {
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== 0x0a) continue;
    if (bytes[at + 1] === 0x0a) return { head: at, body: at + 2 };
    if (bytes[at + 1] === 0x0d && bytes[at + 2] === 0x0a) return { head: at, body: at + 3 };
  }
  return { head: bytes.length, body: bytes.length };
}

/** Whether the bytes are an answer rather than a bare envelope. */
export function isHttpAnswer(bytes: Uint8Array): boolean {
  return new TextDecoder().decode(bytes.subarray(0, 7)) === 'HTTP/1.';
}
