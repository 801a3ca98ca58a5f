import { describe, expect, it } from 'vitest';
import { tellVerdict } from '../../../src/cli/verify/tell-verdict.ts';
import type { Verified } from '../../../src/envelope/verify.ts';

const digest = 'sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:';

describe('tellVerdict()', () => {
  it('tells claims that would move a terminal’s cursor, or are of no time, as they are', () => {
    const statement = {
      ...{ iss: 'A/B/C/D', aud: 'A/B/C/E', svc: 'A/B/C/D/x', iat: 1795426000, txn: 't', adp: { v: '1' } },
      jti: '0c2f6e0e-6c0f-4b0e-9d56-2f0f3d1f7a11',
      rp: 'GOV/1\u001b[2K\rwho A/B/C/OTHER\u202e',
      req: { method: 'GET', target: '/x', digest },
      res: { status: 200 },
      src: [{ sys: 's', at: Number.MAX_SAFE_INTEGER, len: 0, digest }],
      map: { id: 'x', digest },
      data: null,
    };
    const header = { alg: 'ES256', typ: 'xroad-evidence+jwt', kid: 'k', iat: statement.iat };
    const lines = tellVerdict({ verified: true, statement, header, data: null, checks: [] } satisfies Verified);
    expect(lines).toContain('  on behalf of  GOV/1\\u{1b}[2K\\u{d}who A/B/C/OTHER\\u{202e}');
    expect(lines.find((line) => line.startsWith('  made from'))).toContain('s at 9007199254740991 seconds');
  });
});
