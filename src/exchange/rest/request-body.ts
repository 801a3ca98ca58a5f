import { SpeanError } from '../../model/errors.ts';

/** The methods whose body a security server passes on; it drops those of all others (contract 1.2). */
const METHODS_WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

export function mayHaveBody(method: string): boolean {
  return METHODS_WITH_BODY.has(method);
}

/**
 * Reads a request's body up to a limit in bytes, for a method whose body X-Road carries. Throws SpeanError
 * `body-too-large` without reading on, `media-type-unsupported` for a content coding, and `body-malformed` where the
 * body broke off or is not as long as Content-Length says.
 */
export async function readRequestBody(request: Request, limitBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  refuseContentCoding(request.headers.get('content-encoding'));
  const declared = contentLength(request.headers);
  if (declared !== undefined && declared > limitBytes) {
    await request.body?.cancel();
    throw tooLarge(limitBytes);
  }
  const bytes = request.body === null ? new Uint8Array() : await readUpTo(request.body, limitBytes);
  if (declared !== undefined && declared !== bytes.length) {
    throw new SpeanError('body-malformed', {
      detail: `The request body has ${bytes.length} bytes where Content-Length says ${declared}`,
    });
  }
  return bytes;
}

/** A compressed body could be small to send and huge to hold, and its digest would not be the one that X-Road signs. */
function refuseContentCoding(coding: string | null): void {
  if (coding === null || coding.trim().toLowerCase() === 'identity') return;
  throw new SpeanError('media-type-unsupported', {
    detail: 'The request body has a content coding; send it as it is, without Content-Encoding',
    // RFC 9110, 15.5.16: a 415 over the coding says so by Accept-Encoding.
    headers: { 'Accept-Encoding': 'identity' },
  });
}

function contentLength(headers: Headers): number | undefined {
  const value = headers.get('content-length');
  return value !== null && /^[0-9]{1,15}$/.test(value) ? Number(value) : undefined;
}

async function readUpTo(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  limitBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw new SpeanError('body-malformed', { detail: 'The request body broke off', cause });
    });
    if (done) return join(chunks, length);
    length += value.length;
    if (length > limitBytes) {
      // Its outcome is of no use: a sender that does not stop is cut off by the runtime.
      reader.cancel().catch(() => {});
      throw tooLarge(limitBytes);
    }
    chunks.push(value);
  }
}

function join(chunks: readonly Uint8Array<ArrayBuffer>[], length: number): Uint8Array<ArrayBuffer> {
  const only = chunks[0];
  if (chunks.length === 1 && only !== undefined) return only;
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

function tooLarge(limitBytes: number): SpeanError {
  return new SpeanError('body-too-large', { detail: `The request body has more than ${limitBytes} bytes` });
}
