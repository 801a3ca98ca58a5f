import type { AdapterDefinition } from '../../../model/definition.ts';
import type { JsonObject } from '../../../model/json.ts';

type EnvelopeMode = NonNullable<AdapterDefinition['envelope']>;

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
  // a refusal that comes before Accept is looked at, or over it, is plain in every mode, with its statement in a header
  const plain = mode !== 'body' || mediaType !== 'application/json';
  const body = mode === 'body' || mode === 'negotiate';
  return {
    ...(plain && mode !== 'off' && { headers: HEADERS }),
    content: { ...(plain && { [mediaType]: document }), ...(body && BODY_TYPES) },
  };
}
