import type { LegacyReply } from '../../src/model/legacy.ts';
import { inPieces } from '../fixtures/payment-tables.ts';

/** A legacy answer of status 200 as the formats take it, from bytes in memory. */
export function replyOf(contentType: string, bytes: Uint8Array): LegacyReply {
  return {
    status: 200,
    contentType,
    body: {
      bytes: async () => bytes,
      chunks: async function* () {
        yield* inPieces(bytes);
      },
    },
  };
}
