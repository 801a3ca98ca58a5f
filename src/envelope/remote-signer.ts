import { base64url } from 'jose';
import { SpeanError } from '../model/errors.ts';
import { algorithmRow } from './algorithm.ts';
import { joseFromDerSignature } from './ecdsa-signature.ts';
import type { PublicKey } from './public-key.ts';
import { type Signer, verifySignature } from './signer.ts';

/** How long a remote signer may take for one signature; key services mostly take 50 to 300 ms. */
export const REMOTE_SIGNER_TIMEOUT_MS = 3_000;

/** Largest answer taken from a remote signer; the largest signature takes some 700 bytes of it. */
const REMOTE_ANSWER_MAX_BYTES = 16 * 1024;

export interface RemoteSignerSettings {
  readonly url: string;
  /** Sent as bearer token (RFC 6750). */
  readonly token: string;
  readonly fetch: (request: Request) => Promise<Response>;
  /** Milliseconds for the whole call; default {@link REMOTE_SIGNER_TIMEOUT_MS}. */
  readonly timeoutMs?: number;
}

/**
 * A signer behind HTTP: a small service before an HSM or a key service. It is sent `{alg, kid, signingInput}` and
 * answers `{signature, format}`, where `format` is `jose` or `der` and both byte strings are base64url. Redirects are
 * not followed, since they would lead the token elsewhere. Every signature is verified before it is used: a signer
 * that holds another key would otherwise make evidence that nobody can verify, found out years later.
 */
export function createRemoteSigner(settings: RemoteSignerSettings, publicKey: PublicKey): Signer {
  const { alg, kid, signatureBytes } = publicKey;
  return {
    alg,
    kid,
    signatureBytes,
    async sign(signingInput) {
      const answer = await call(settings, { alg, kid, signingInput: base64url.encode(signingInput) });
      const signature = readSignature(answer, publicKey);
      if (!(await verifySignature(publicKey, signature, signingInput))) {
        throw failed(`The remote signer's signature does not verify with the active key ${kid}`);
      }
      return signature;
    },
  };
}

async function call(settings: RemoteSignerSettings, message: Readonly<Record<string, string>>): Promise<string> {
  const timeoutMs = settings.timeoutMs ?? REMOTE_SIGNER_TIMEOUT_MS;
  const timeout = AbortSignal.timeout(timeoutMs);
  const request = new Request(settings.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${settings.token}` },
    body: JSON.stringify(message),
    redirect: 'manual',
    signal: timeout,
  });
  try {
    const response = await settings.fetch(request);
    if (response.ok) return await readText(response);
    await response.body?.cancel();
    throw failed(`The remote signer answered HTTP ${response.status}`);
  } catch (cause) {
    if (cause instanceof SpeanError) throw cause;
    if (timeout.aborted) throw failed(`The remote signer did not answer within ${timeoutMs} ms`, cause);
    throw failed('The remote signer could not be reached', cause);
  }
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  for await (const piece of response.body ?? []) {
    length += piece.byteLength;
    if (length > REMOTE_ANSWER_MAX_BYTES) {
      throw failed(`The remote signer answered more than ${REMOTE_ANSWER_MAX_BYTES} bytes`);
    }
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}

function readSignature(answer: string, { alg, signatureBytes }: PublicKey): Uint8Array<ArrayBuffer> {
  const { signature, format } = readAnswer(answer);
  if (format === 'der' && algorithmRow(alg).kty !== 'EC') {
    throw failed(`The remote signer answered in format "der", which ${alg} does not have`);
  }
  try {
    const bytes = new Uint8Array(base64url.decode(signature));
    const raw = format === 'der' ? joseFromDerSignature(bytes, signatureBytes) : bytes;
    if (raw.length === signatureBytes) return raw;
    throw new TypeError(`${raw.length} bytes instead of ${signatureBytes}`);
  } catch (cause) {
    throw failed(`The remote signer answered a malformed signature for ${alg} in format "${format}"`, cause);
  }
}

function readAnswer(text: string): { readonly signature: string; readonly format: 'jose' | 'der' } {
  try {
    const { signature, format } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    if (typeof signature === 'string' && (format === 'jose' || format === 'der')) return { signature, format };
  } catch {} // the parser's message would quote the answer
  throw failed('The remote signer did not answer {"signature": base64url, "format": "jose" or "der"}');
}

function failed(detail: string, cause?: unknown): SpeanError {
  return new SpeanError('signer-failed', { detail, cause });
}
