import type { Schema } from './schema-mismatch.ts';

const text: Schema = { type: 'string', minLength: 1 };
const seconds: Schema = { type: 'integer', minimum: 0 };

/** The claims of a consumer's signed request. That its body is in `data` or has a digest is seen where it is read. */
export const REQUEST_SCHEMA: Schema = {
  type: 'object',
  properties: {
    iss: text,
    aud: text,
    iat: seconds,
    exp: seconds,
    jti: { ...text, maxLength: 128 },
    req: {
      type: 'object',
      properties: {
        method: { type: 'string', pattern: '^[A-Z]+$' },
        target: { type: 'string', pattern: '^(/|\\?|$)' },
        digest: { type: 'string', pattern: '^sha-256=:[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=:$' },
      },
      required: ['method', 'target'],
    },
  },
  required: ['iss', 'aud', 'iat', 'exp', 'jti', 'req'],
};
