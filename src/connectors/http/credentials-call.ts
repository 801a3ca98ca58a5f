import type { LegacyMessage } from '../../model/legacy.ts';
import { callHttp, type HeaderLines, type LiveCall } from './call.ts';
import type { CredentialsParts, PresentContext } from './credentials.ts';
import { noCredentials } from './no-credentials.ts';

/** A POST to where credentials are given out. */
export interface CredentialsRequest {
  readonly url: string;
  readonly headers: HeaderLines;
  readonly body: string;
}

/**
 * Asks for credentials, and reads the answer with `read`; redirects are not followed. The endpoint's own headers do not
 * go there. Throws SpeanError `legacy-credentials-refused` whatever went wrong.
 */
export async function askForCredentials<T>(
  { url, headers, body }: CredentialsRequest,
  { platform }: CredentialsParts,
  { deadline, limits: { credentialsMs, credentialsBytes } }: PresentContext,
  read: (answer: LiveCall) => Promise<T>,
): Promise<T> {
  const message: LegacyMessage = { method: 'POST', path: '', query: [], headers, body };
  const limits = { firstByteMs: credentialsMs, legacyBytes: credentialsBytes, streamedBytes: credentialsBytes };
  const context = { endpoint: {}, url, credentials: [], platform, limits, deadline, keepBytes: 0 };
  let answer: LiveCall | undefined;
  try {
    answer = await callHttp(message, context);
    return await read(answer);
  } catch (cause) {
    if (isRefusal(cause)) throw cause;
    throw noCredentials('Who gives them out did not answer', cause);
  } finally {
    await answer?.end();
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'legacy-credentials-refused';
}
