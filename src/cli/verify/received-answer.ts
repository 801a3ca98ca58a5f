import type { VerifyOptions } from '../../envelope/verify.ts';
import { isHttpAnswer, readHttpMessage } from '../http-message.ts';

/** An envelope as it came, with what else the answer told. */
export interface ReceivedAnswer {
  /** Null where the answer has none. */
  readonly envelope: string | Uint8Array | null;
  readonly body?: Uint8Array;
  readonly expected: Pick<NonNullable<VerifyOptions['expected']>, 'status' | 'transaction'>;
}

/**
 * A file may hold the envelope alone (an editor's line feed at its end is no part of it), or the whole answer as
 * `curl -i` saves it: then status and transaction are expected to be the answer's own.
 */
export function readReceivedAnswer(bytes: Uint8Array<ArrayBuffer>): ReceivedAnswer {
  if (!isHttpAnswer(bytes)) return { envelope: new TextDecoder().decode(bytes).trim(), expected: {} };
  const { startLine, headers, body } = readHttpMessage(bytes, 'The answer');
  const transaction = headers.get('x-road-request-id');
  const expected = { status: Number(startLine.split(' ')[1]), ...(transaction !== null && { transaction }) };
  const isEnvelope = /^application\/(jose|xroad-evidence\+jwt)/i.test(headers.get('content-type') ?? '');
  return isEnvelope ? { envelope: body, expected } : { envelope: headers.get('x-evidence-jws'), body, expected };
}
