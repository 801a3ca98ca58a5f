import { describe, expect, it } from 'vitest';
import { adapters } from '../../adapters/index.ts';
import { readSettings } from '../../src/config.ts';
import { SettingsError } from '../../src/model/settings.ts';

const complete = {
  SPEAN_PROVIDER: 'CAMBODIA/GOV/0001/registry',
  SPEAN_SIGNING_KEY: '{"kty":"EC","crv":"P-256","d":"sEcReT","x":"x","y":"y"}',
  SPEAN_PATH_SECRET: 'a-secret-of-22-characters',
  BUSINESS_REGISTRY_URL: 'http://registry.example/ws',
  BUSINESS_REGISTRY_USER: 'spean',
  BUSINESS_REGISTRY_PASSWORD: 'p1',
  TAX_OFFICE_URL: 'https://tax.example',
  TAX_OFFICE_USER: 'spean',
  TAX_OFFICE_PASSWORD: 'p2',
};

function mistakesOf(environment: Record<string, unknown>): readonly string[] {
  try {
    readSettings(environment, adapters);
  } catch (error) {
    if (error instanceof SettingsError) return error.mistakes;
    throw error;
  }
  return [];
}

describe('readSettings()', () => {
  it('takes a complete environment, production unless told otherwise', () => {
    const settings = readSettings(complete, adapters);
    expect(settings.production).toBe(true);
    expect(settings.references.get('TAX_OFFICE_PASSWORD')).toBe('p2');
    expect(settings.securityServer).toEqual({ pathSecret: 'a-secret-of-22-characters' });
  });

  it('tells every mistake at once, by the name of the variable', () => {
    const mistakes = mistakesOf({
      SPEAN_ENVIRONMENT: 'staging',
      BUSINESS_REGISTRY_URL: 'ftp://x',
      SPEAN_NEXT_KEYS: '{}',
    });
    for (const name of [
      'SPEAN_ENVIRONMENT',
      'SPEAN_PROVIDER',
      'SPEAN_SIGNING_KEY',
      'SPEAN_NEXT_KEYS',
      'BUSINESS_REGISTRY_URL',
      'BUSINESS_REGISTRY_USER',
      'BUSINESS_REGISTRY_PASSWORD',
      'TAX_OFFICE_URL',
    ]) {
      expect(mistakes.filter((mistake) => mistake.startsWith(name))).toHaveLength(1);
    }
  });

  it('takes the word of a TLS front that pins the security server, and nothing like it', () => {
    const { SPEAN_PATH_SECRET: _, ...open } = complete;
    expect(readSettings({ ...open, SPEAN_TLS_FRONT: 'pinned' }, adapters).securityServer).toEqual({
      pinnedByFront: true,
    });
    expect(mistakesOf({ ...open, SPEAN_TLS_FRONT: 'none' })).toHaveLength(1);
    expect(mistakesOf({ ...complete, SPEAN_TLS_FRONT: 'yes' })).toEqual([expect.stringContaining('SPEAN_TLS_FRONT')]);
  });

  it('takes bindings for outgoing calls that are there, by origin', () => {
    const bound = (bindings: object) =>
      mistakesOf({
        ...complete,
        REGISTRY: { fetch: () => undefined },
        SPEAN_OUTGOING_BINDINGS: JSON.stringify(bindings),
      });
    expect(bound({ 'https://registry.internal': 'REGISTRY' })).toEqual([]);
    expect(bound({ 'https://registry.internal/ws': 'REGISTRY' })).toEqual([expect.stringContaining('no origin')]);
    expect(bound({ 'https://registry.internal': 'REGISTER' })).toEqual([expect.stringContaining('no such binding')]);
  });

  it('refuses a production start that cannot tell the security server from anyone else', () => {
    const { SPEAN_PATH_SECRET: _, ...open } = complete;
    expect(mistakesOf(open)).toEqual([expect.stringContaining('SPEAN_SECURITY_SERVER_CERTIFICATES')]);
    expect(mistakesOf({ ...open, SPEAN_ENVIRONMENT: 'development' })).toEqual([]);
  });

  it.each([
    ['a short path secret', { SPEAN_PATH_SECRET: 'short' }, 'SPEAN_PATH_SECRET'],
    [
      'a path secret that a URL would encode',
      { SPEAN_PATH_SECRET: 'a secret with spaces in it, long' },
      'SPEAN_PATH_SECRET',
    ],
    [
      'a fingerprint with colons',
      { SPEAN_SECURITY_SERVER_CERTIFICATES: 'AB:CD' },
      'SPEAN_SECURITY_SERVER_CERTIFICATES',
    ],
    [
      'a host name among addresses',
      { SPEAN_SECURITY_SERVER_ADDRESSES: '10.0.0.1, ss.example' },
      'SPEAN_SECURITY_SERVER_ADDRESSES',
    ],
    ['credentials in a URL', { TAX_OFFICE_URL: 'https://user:pass@tax.example' }, 'TAX_OFFICE_URL'],
    ['a provider without subsystem', { SPEAN_PROVIDER: 'CAMBODIA/GOV/0001' }, 'SPEAN_PROVIDER'],
    [
      'a remote signer without its token',
      { SPEAN_REMOTE_SIGNER_URL: 'https://kms.example' },
      'SPEAN_REMOTE_SIGNER_TOKEN',
    ],
  ])('refuses %s', (_, change, name) => {
    expect(mistakesOf({ ...complete, ...change })).toEqual([expect.stringContaining(name)]);
  });

  it('never repeats a value, least of all a key that is not quite JSON', () => {
    const mistakes = mistakesOf({ ...complete, SPEAN_SIGNING_KEY: '{"d":"sEcReT",}', TAX_OFFICE_URL: 'sEcReT' });
    expect(mistakes).toHaveLength(2);
    expect(mistakes.join()).not.toContain('sEcReT');
  });
});
