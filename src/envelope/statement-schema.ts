const text = { type: 'string', minLength: 1 } as const;
const seconds = { type: 'integer', minimum: 0 } as const;
const status = { type: 'integer', minimum: 100, maximum: 599 } as const;
/** Base64 of 32 bytes: 43 characters, of which the last has two zero bits, and one `=`. */
const digest = {
  description: 'SHA-256 as a member of Repr-Digest (RFC 9530)',
  type: 'string',
  pattern: '^sha-256=:[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=:$',
} as const;
const uuid = {
  type: 'string',
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
} as const;

const req = {
  description: 'The request that was answered',
  type: 'object',
  properties: {
    id: { ...text, description: 'X-Road-Id' },
    method: { type: 'string', pattern: '^[A-Z]+$' },
    target: {
      description: 'Service path and raw query, or the digest of that text in UTF-8',
      oneOf: [{ type: 'string', pattern: '^(/|\\?|$)' }, digest],
    },
    digest: { ...digest, description: 'Of the body; of the empty string where there is none' },
    cty: { ...text, description: 'Media type of the body' },
    jws: { ...digest, description: 'Of the signing input of the request, where the consumer signed it' },
  },
  required: ['method', 'target', 'digest'],
  additionalProperties: false,
} as const;

const res = {
  description: 'The answer',
  type: 'object',
  properties: {
    status: { ...status, description: 'HTTP status; from 400 on the body is a problem document' },
    cty: { ...text, description: 'Media type of the body, absent where there is none' },
    digest: { ...digest, description: 'Of the body that travels beside the statement' },
    set_aside: { type: 'integer', minimum: 1, description: 'Rows of the legacy answer that are not in the body' },
  },
  required: ['status'],
  additionalProperties: false,
} as const;

const src = {
  description: 'The legacy answers that were used, as they came, before decoding',
  type: 'array',
  items: {
    type: 'object',
    properties: {
      sys: { ...text, description: 'The legacy system' },
      op: { ...text, description: 'The endpoint or operation called' },
      at: { ...seconds, description: 'When the answer came, seconds since the epoch' },
      status: { ...status, description: 'HTTP status' },
      len: { type: 'integer', minimum: 0, description: 'Bytes that the digest covers' },
      digest,
      partial: { const: true, description: 'Reading stopped before the end' },
      age: { type: 'number', minimum: 0, description: 'How long before this exchange the bytes were loaded, seconds' },
    },
    required: ['sys', 'at', 'len', 'digest'],
    additionalProperties: false,
  },
} as const;

const map = {
  description: 'The definition that turned the legacy answer into this one',
  type: 'object',
  properties: {
    id: { type: 'string', description: 'Empty where no operation was found' },
    rev: text,
    digest: { ...digest, description: 'Of the canonical form (RFC 8785) of the definition' },
    schema: { ...text, description: 'Address of the description of the data' },
  },
  required: ['id', 'digest'],
  additionalProperties: false,
} as const;

/** JSON Schema of a statement, as plain data: what is written down for other implementations. */
export const STATEMENT_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Statement about one answered exchange',
  type: 'object',
  properties: {
    iss: { ...text, description: 'The provider: INSTANCE/CLASS/MEMBER/SUBSYSTEM' },
    aud: { ...text, description: 'The client, byte for byte as in X-Road-Client' },
    svc: { ...text, description: 'The full service id' },
    iat: { ...seconds, description: "Seconds since the epoch, equal to the protected header's" },
    jti: { ...uuid, description: 'Identifies this statement' },
    txn: { ...text, description: 'X-Road-Request-Id' },
    nonce: { ...text, description: "The consumer's, echoed" },
    req,
    res,
    src,
    map,
    adp: {
      description: 'The adapter',
      type: 'object',
      properties: { v: { ...text, description: 'Its version' } },
      required: ['v'],
      additionalProperties: false,
    },
    rp: { ...text, description: 'X-Road-Represented-Party' },
    uid: { ...text, description: 'X-Road-UserId' },
    data: { description: 'The body, where it is JSON' },
    data_b64: { description: 'Another body, in standard base64', type: 'string', contentEncoding: 'base64' },
  },
  required: ['iss', 'aud', 'svc', 'iat', 'jti', 'txn', 'req', 'res', 'src', 'map', 'adp'],
  additionalProperties: false,
  oneOf: [
    { required: ['data'] },
    { required: ['data_b64'] },
    { properties: { res: { required: ['digest'] } }, required: ['res'] },
  ],
} as const;
