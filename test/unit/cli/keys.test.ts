import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { createKeyRing, type PublicKeySet } from '../../../src/envelope/keys.ts';
import { createSealer, EVIDENCE_HEADER } from '../../../src/envelope/seal.ts';
import { verifyEnvelope } from '../../../src/envelope/verify.ts';
import { spean, temporaryFolder } from '../../support/cli-shell.ts';
import { EVIDENCE } from '../../support/evidence.ts';

const HOUR_MS = 3_600_000;
const START = Date.UTC(2026, 10, 23, 8);

let folder: string;
let clock: number;
beforeEach(() => {
  folder = temporaryFolder();
  clock = START;
});

const keys = (...args: string[]) => spean(['keys', ...args], { folder, now: () => clock });

async function stages(): Promise<string[]> {
  const { out } = await keys('inspect', '--json');
  return JSON.parse(out).map(({ stage, kid }: { stage: string; kid: string }) => `${stage} ${kid}`);
}

/** What a deployment with the folder's settings signs and publishes. */
async function deployment() {
  const { out } = await keys('settings', '--private');
  const setting = (name: string) => JSON.parse(new RegExp(`^${name}=(.*)$`, 'm').exec(out)?.[1] ?? 'null');
  const now = () => clock;
  const ring = await createKeyRing(
    {
      active: setting('SPEAN_SIGNING_KEY'),
      next: setting('SPEAN_NEXT_KEYS'),
      retired: setting('SPEAN_RETIRED_KEYS'),
    },
    { fetch, now },
  );
  const seal = createSealer({ ring, platform: { now, random: (bytes) => crypto.getRandomValues(bytes) } });
  return {
    keySet: ring.publicKeySet,
    async sign(): Promise<string> {
      const answer = { status: 204, headers: [], body: null, problem: false };
      const { headers } = await seal(answer, EVIDENCE, { form: 'header' });
      return headers.find(([name]) => name === EVIDENCE_HEADER)?.[1] ?? '';
    },
  };
}

async function holds(envelope: string, { keys }: PublicKeySet): Promise<boolean> {
  const { verified } = await verifyEnvelope(envelope, { keys: { keys }, body: new TextEncoder().encode('null') });
  return verified;
}

describe('spean keys', () => {
  it('never prints a private key unless it is asked to, whatever else is asked', async () => {
    const printed = [
      await keys('generate'),
      await keys('generate'),
      await keys('inspect'),
      await keys('settings'),
      await keys('rotate', '--json'),
      await keys('generate', '--alg', 'RS256'),
      await keys('inspect', '--json'),
    ];
    const privateParts = ['active.jwk', 'next.jwk'].map((file) => {
      const { d } = JSON.parse(readFileSync(join(folder, 'keys', file), 'utf8'));
      expect(d).toMatch(/^[\w-]{40,}$/);
      return d as string;
    });
    for (const { code, out, notes } of printed) {
      expect(code).toBe(0);
      for (const secret of privateParts) expect(out + notes).not.toContain(secret);
    }
    expect((await keys('settings', '--private')).out).toContain(privateParts[0]);
  });

  it('keeps private keys in files that only their owner can read', async () => {
    await keys('generate');
    expect(statSync(join(folder, 'keys', 'active.jwk')).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'keys')).mode & 0o777).toBe(0o700);
  });

  it('rotates without a moment in which an envelope cannot be verified', async () => {
    await keys('generate');
    const first = await deployment();
    await keys('generate');
    const announced = await deployment();
    const before = await announced.sign();
    clock += 48 * HOUR_MS;
    await keys('rotate');
    const rotated = await deployment();
    const [old] = await Promise.all([first.sign()]);
    const after = await rotated.sign();
    expect(await stages()).toEqual([expect.stringMatching(/^active /), expect.stringMatching(/^retired /)]);
    // A consumer that fetched the key set while the next key was announced verifies both; so does one of today, even
    // an envelope that an instance with the old settings signed after the rotation.
    for (const [envelope, keySet] of [
      [before, rotated.keySet],
      [after, announced.keySet],
      [after, rotated.keySet],
      [old, rotated.keySet],
    ] as const) {
      expect(await holds(envelope, keySet)).toBe(true);
    }
    clock += 25 * HOUR_MS;
    const late = await first.sign();
    expect(await holds(late, rotated.keySet)).toBe(false);
  });

  it('takes from a key that leaked everything that it ever signed', async () => {
    await keys('generate');
    const leaked = await deployment();
    const envelope = await leaked.sign();
    await keys('generate');
    await keys('rotate');
    const [, retired = ''] = await stages();
    const kid = retired.replace('retired ', '');
    expect(await keys('revoke', kid, '--reason', 'keyCompromise')).toMatchObject({ code: 0 });
    expect(await holds(envelope, (await deployment()).keySet)).toBe(false);
    expect((await keys('inspect')).out).toMatch(/revoked 2026-11-23 08:00:00 UTC \(keyCompromise\)/);
  });

  it('says what to do where the order is wrong', async () => {
    expect(await keys('inspect')).toMatchObject({ code: 2, notes: 'keys holds no key: run "spean keys generate"' });
    await keys('generate');
    expect((await keys('rotate')).notes).toContain('There is no next key to rotate to');
    await keys('generate');
    expect((await keys('generate')).notes).toContain('There is a next key already');
    for (const kid of ['x', '-x', '-hx', '--x']) {
      expect((await keys('revoke', kid, '--reason', 'superseded')).notes).toContain(`${kid} is not a retired key`);
    }
    expect((await keys('generate', '--alg', 'HS256')).code).toBe(2);
  });

  it('refuses a folder whose keys do not fit, without repeating any', async () => {
    await keys('generate');
    const path = join(folder, 'keys', 'active.jwk');
    const key = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(path, JSON.stringify({ ...key, d: 'AAAA' }));
    const { code, notes } = await keys('inspect');
    expect(code).toBe(2);
    expect(notes).toContain('The active key has a member d of 3 bytes: 32 are expected for ES256');
    writeFileSync(path, '{"d":"secret');
    expect((await keys('inspect')).notes).not.toContain('secret');
  });

  it('shows a published key set, from a file or an address', async () => {
    await keys('generate');
    const { keySet } = await deployment();
    const published = { folder, fetch: async () => Response.json(keySet) };
    const { out } = await spean(['keys', 'inspect', 'https://spean.example/x/.well-known/jwks.json'], published);
    expect(out).toMatch(/^published [\w-]{43} {2}ES256$/);
    const { notes } = await spean(['keys', 'inspect', 'https://spean.example/'], { folder });
    expect(notes).toBe('https://spean.example/ does not answer: fetch failed');
  });
});
