import type { AdapterDefinition } from '../../../model/definition.ts';
import type { JsonObject } from '../../../model/json.ts';

type EnvelopeMode = NonNullable<AdapterDefinition['envelope']>;

/** The carriages that each mode offers besides or instead of the plain document. */
const CARRIES: Readonly<Record<EnvelopeMode, { readonly header: boolean; readonly body: boolean }>> = {
  off: { header: false, body: false },
  header: { header: true, body: false },
  body: { header: false, body: true },
  negotiate: { header: true, body: true },
};

const BODY_TYPES = {
  'application/jose+json': { schema: { $ref: '#/components/schemas/FlattenedEnvelope' } },
  'application/jose': { schema: { $ref: '#/components/schemas/CompactEnvelope' } },
  'application/xroad-evidence+jwt': { schema: { $ref: '#/components/schemas/CompactEnvelope' } },
} as const;

const HEADERS = {
  'X-Evidence-JWS': { $ref: '#/components/headers/EvidenceJws' },
  'Repr-Digest': { $ref: '#/components/headers/ReprDigest' },
} as const;

/** Headers and content of a response that may be signed: the plain document, and the media types that carry a statement. */
export function signedContent(mediaType: string, document: JsonObject, mode: EnvelopeMode): JsonObject {
  const { header, body } = CARRIES[mode];
  // A consumer that asked for something else is refused in a plain problem, so only those stand in the body mode too.
  const plain = mode !== 'body' || mediaType !== 'application/json';
  return {
    ...(header && { headers: HEADERS }),
    content: { ...(plain && { [mediaType]: document }), ...(body && BODY_TYPES) },
  };
}
