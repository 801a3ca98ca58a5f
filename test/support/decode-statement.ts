import type { Statement } from '../../src/envelope/statement.ts';

/** The statement in an answer's evidence header, decoded and not verified. */
export function decodeStatement(response: Response): Statement {
  const [, payload = ''] = (response.headers.get('x-evidence-jws') ?? '').split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString());
}
