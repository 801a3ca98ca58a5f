import { DocumentError } from '../../model/errors.ts';

/** Values by lower-case name. */
export type MimeHeaders = ReadonlyMap<string, string>;

/**
 * Reads the headers of a MIME part between two byte offsets, up to the empty line (RFC 2045, RFC 5322, 2.2); folded
 * lines are unfolded. Throws DocumentError `malformed` for a line that is none, `limit` beyond `headerBytes`.
 */
export function readMimeHeaders(
  bytes: Uint8Array,
  start: number,
  end: number,
  headerBytes: number,
): { readonly headers: MimeHeaders; readonly bodyStart: number } {
  const lines: string[] = [];
  let at = start;
  while (at < end) {
    const lineEnd = bytes.indexOf(LF, at);
    const next = lineEnd < 0 || lineEnd >= end ? end : lineEnd + 1;
    if (next - start > headerBytes) {
      throw new DocumentError('limit', `The headers of a part are longer than ${headerBytes} bytes`, { offset: start });
    }
    const line = new TextDecoder().decode(bytes.subarray(at, next)).replace(/\r?\n?$/, '');
    at = next;
    if (line === '') break;
    if (/^[ \t]/.test(line) && lines.length > 0) lines.push(`${lines.pop()} ${line.trim()}`);
    else lines.push(line);
  }
  return { headers: new Map(lines.map((line) => parseHeader(line, start))), bodyStart: at };
}

const LF = 0x0a;

function parseHeader(line: string, offset: number): [name: string, value: string] {
  const [, name, value] = /^([!-9;-~]+)[ \t]*:(.*)$/s.exec(line) ?? [];
  if (name === undefined || value === undefined) {
    throw new DocumentError('malformed', 'A part has a header line without a name and a colon', { offset });
  }
  return [name.toLowerCase(), value.trim()];
}

/** A parameter of a Content-Type value, its quotes taken off (RFC 2045, 5.1). */
export function parameter(contentType: string, name: string): string | undefined {
  for (const [, key, quoted, plain] of contentType.matchAll(
    /;\s*([^\s=;]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]*))/g,
  )) {
    if (key?.toLowerCase() === name) return quoted?.replace(/\\(.)/g, '$1') ?? plain;
  }
  return undefined;
}
