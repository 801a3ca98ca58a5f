import { ERRORS } from '../../../model/errors.ts';
import type { JsonObject } from '../../../model/json.ts';
import { HEADER_CHARACTERS, NONCE_CHARACTERS, NONCE_HEADER } from '../headers.ts';

/** What every operation takes and answers, described once. */
export const SCHEMAS = {
  Problem: {
    type: 'object',
    description: 'What went wrong (RFC 9457).',
    properties: {
      type: { type: 'string', format: 'uri' },
      title: { type: 'string' },
      status: { type: 'integer' },
      detail: { type: 'string' },
      code: { type: 'string', description: 'Stable, for programs to tell errors by.' },
      owner: {
        type: 'string',
        enum: [...new Set(Object.values(ERRORS).map(({ owner }) => owner))].sort(),
        description: 'Who has to act.',
      },
      requestId: { type: 'string', description: 'X-Road-Request-Id of the call.' },
      issues: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            field: { type: 'string', description: 'Public name, dotted from the root.' },
            message: { type: 'string' },
            place: { type: 'string', description: 'Where the value stood.' },
          },
          required: ['message'],
        },
      },
    },
    required: ['type', 'title', 'status', 'code', 'owner'],
  },
  KeySet: {
    type: 'object',
    description: 'A JWK Set (RFC 7517).',
    properties: { keys: { type: 'array', items: { type: 'object', required: ['kty', 'kid'] } } },
    required: ['keys'],
  },
} as const satisfies Readonly<Record<string, JsonObject>>;

const BASE64URL = '[A-Za-z0-9_-]+';

export const ENVELOPE_SCHEMAS = {
  FlattenedEnvelope: {
    type: 'object',
    description: 'The signed statement as a flattened JWS (RFC 7515, 7.2.2); the `data` of its payload is the answer.',
    properties: {
      payload: { type: 'string', pattern: `^${BASE64URL}$` },
      protected: { type: 'string', pattern: `^${BASE64URL}$` },
      signature: { type: 'string', pattern: `^${BASE64URL}$` },
      header: { type: 'object' },
    },
    required: ['payload', 'protected', 'signature'],
  },
  CompactEnvelope: {
    type: 'string',
    description: 'The signed statement as a compact JWS (RFC 7515, 7.1); the `data` of its payload is the answer.',
    pattern: `^${BASE64URL}\\.${BASE64URL}\\.${BASE64URL}$`,
  },
} as const satisfies Readonly<Record<string, JsonObject>>;

export const ENVELOPE_HEADERS = {
  EvidenceJws: {
    description: 'The signed statement as a compact JWS; it binds the answer by the digest in Repr-Digest.',
    schema: { type: 'string' },
  },
  ReprDigest: {
    description: 'SHA-256 of the answer (RFC 9530).',
    schema: { type: 'string' },
  },
} as const satisfies Readonly<Record<string, JsonObject>>;

/** The headers that a consumer sends (contract 1.3). X-Road-Request-Id is not among them: its security server adds it. */
export const PARAMETERS = {
  XRoadClient: header('X-Road-Client', 'The calling subsystem: INSTANCE/CLASS/MEMBER/SUBSYSTEM.', {
    required: true,
    example: 'CAMBODIA/GOV/0002/tax',
    pattern: '^[^/,]+(/[^/,]+){2,3}$',
  }),
  XRoadId: header('X-Road-Id', 'The consumer’s own id of the call; the security server makes one where it is missing.'),
  XRoadUserId: header('X-Road-UserId', 'The user on whose behalf the call is made.'),
  XRoadIssue: header('X-Road-Issue', 'The case or document that the call belongs to.'),
  XRoadRepresentedParty: header('X-Road-Represented-Party', 'The party that the client represents: [CLASS/]CODE.', {
    pattern: '^[^/,]+(/[^/,]+)?$',
  }),
} as const satisfies Readonly<Record<string, JsonObject>>;

export const ENVELOPE_PARAMETERS = {
  EvidenceNonce: header(NONCE_HEADER, 'A value of the consumer’s that the signed statement repeats.', {
    maxLength: NONCE_CHARACTERS,
    pattern: '^[!-~]+$',
  }),
} as const satisfies Readonly<Record<string, JsonObject>>;

interface HeaderFacts {
  readonly required?: true;
  readonly example?: string;
  readonly pattern?: string;
  readonly maxLength?: number;
}

function header(name: string, description: string, facts: HeaderFacts = {}): JsonObject {
  // what X-Road's headers are held to: visible ASCII and spaces, and no comma
  const { required, example, pattern = '^[ -+\\-.-~]*$', maxLength = HEADER_CHARACTERS } = facts;
  return {
    name,
    in: 'header',
    description,
    ...(required && { required }),
    schema: { type: 'string', maxLength, pattern },
    ...(example !== undefined && { example }),
  };
}
