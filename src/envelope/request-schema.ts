const text = { type: 'string', minLength: 1 } as const;
const seconds = { type: 'integer', minimum: 0 } as const;

/** JSON Schema of the claims of a consumer's signed request, as plain data for other implementations. */
export const REQUEST_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Request that a consumer signed',
  type: 'object',
  properties: {
    iss: { ...text, description: 'The client, byte for byte as in X-Road-Client' },
    aud: { ...text, description: 'The full service id' },
    iat: { ...seconds, description: "Seconds since the epoch, equal to the protected header's" },
    exp: { ...seconds, description: 'Seconds since the epoch, at most 300 after iat' },
    jti: { ...text, maxLength: 128, description: 'Never used twice by one client' },
    req: {
      description: 'The request',
      type: 'object',
      properties: {
        method: { type: 'string', pattern: '^[A-Z]+$' },
        target: { type: 'string', pattern: '^(/|\\?|$)', description: 'Service path and raw query' },
        digest: {
          description: 'Of the body that travels beside; SHA-256 as a member of Repr-Digest (RFC 9530)',
          type: 'string',
          pattern: '^sha-256=:[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=:$',
        },
      },
      required: ['method', 'target'],
    },
    data: { description: 'The body, a JSON value, where it is in here' },
  },
  required: ['iss', 'aud', 'iat', 'exp', 'jti', 'req'],
  oneOf: [{ required: ['data'] }, { properties: { req: { required: ['digest'] } }, required: ['req'] }],
} as const;
