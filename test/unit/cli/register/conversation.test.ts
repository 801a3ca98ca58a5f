import { confirm } from '@clack/prompts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { answering, projectWith, type Registering, startRegistering } from '../../../support/registering.ts';
import { CLIENT, PROVIDER } from '../../../support/test-app.ts';

vi.mock('@clack/prompts', async (original) => ({ ...(await original<object>()), confirm: vi.fn() }));

let world: Registering;
afterEach(async () => {
  vi.mocked(confirm).mockReset();
  expect(world.printed.join('\n')).not.toContain(world.apiKey);
  await world.close();
});

const isChanged = () => world.api.log.some(({ method }) => method !== 'GET');
const questions = () => vi.mocked(confirm).mock.calls.map(([{ message }]) => message);

describe('in a terminal', () => {
  it('asks before it changes anything, and takes a no', async () => {
    world = await startRegistering();
    vi.mocked(confirm).mockResolvedValue(false);
    const { code, out } = await world.register([], { interactive: true });
    expect(code).toBe(1);
    expect(out).toContain('3 changes');
    expect(questions()).toEqual(['Make these changes?']);
    expect(isChanged()).toBe(false);
  });

  it('takes a yes, and asks nothing with --yes or when there is nothing to do', async () => {
    world = await startRegistering();
    vi.mocked(confirm).mockResolvedValue(true);
    expect((await world.register([], { interactive: true })).code).toBe(0);
    expect((await world.register([], { interactive: true })).out).toContain('Nothing to do');
    expect((await world.register(['--access', CLIENT, '--yes'], { interactive: true })).code).toBe(0);
    expect(questions()).toEqual(['Make these changes?']);
  });

  it('asks again at a warning, after showing it: --yes does not answer that', async () => {
    world = await startRegistering();
    await world.register();
    const rename = (adapter: Parameters<Parameters<typeof projectWith>[0]>[0]) => ({
      ...adapter,
      operations: Object.fromEntries(Object.entries(adapter.operations).slice(1)),
    });
    world.served.use(await answering(rename));
    const folder = projectWith(rename);
    vi.mocked(confirm).mockResolvedValueOnce(false).mockResolvedValueOnce(true);
    const no = await world.register(['--yes'], { interactive: true, folder });
    expect([no.code, no.notes.includes('deleting_endpoints')]).toEqual([1, true]);
    const yes = await world.register(['--yes'], { interactive: true, folder });
    expect(yes.code).toBe(0);
    expect(questions()).toEqual(['Go on all the same?', 'Go on all the same?']);
  });

  it('asks nothing where there is no terminal', async () => {
    world = await startRegistering();
    expect((await world.register()).code).toBe(0);
    expect(questions()).toEqual([]);
  });
});

describe('for programs', () => {
  const report = async (more: readonly string[] = [], shell = {}) => {
    const { code, out } = await world.register(['--json', ...more], shell);
    return { code, ...JSON.parse(out) };
  };

  it('prints plan and outcome as JSON', async () => {
    world = await startRegistering();
    expect(await report(['--dry-run'])).toMatchObject({
      code: 0,
      service: `${PROVIDER}/business-registry`,
      state: 'planned',
      steps: [{ change: 'add description', done: false }, { change: 'set service' }, { change: 'enable' }],
    });
    expect(await report()).toMatchObject({ state: 'applied', steps: [{ done: true }, { done: true }, { done: true }] });
    expect(await report([], { interactive: true })).toMatchObject({ state: 'unchanged', steps: [] });
  });

  it('prints how far it came when it failed', async () => {
    world = await startRegistering();
    expect(await report(['--url', 'http://127.0.0.1:1/business-registry'])).toMatchObject({
      code: 2,
      state: 'failed',
      steps: [{ done: false }, { done: false }, { done: false }],
      error: expect.stringContaining('openapi_parsing_error'),
    });
  });

  it('prints the warnings at which it stopped', async () => {
    world = await startRegistering();
    const warned: typeof fetch = async (input, init) =>
      init?.method === 'PATCH'
        ? Response.json(
            { status: 400, warnings: [{ code: 'internal_server_ssl_error', metadata: ['x'] }] },
            { status: 400 },
          )
        : fetch(input, init);
    expect(await report([], { fetch: warned })).toMatchObject({
      code: 1,
      state: 'stopped',
      steps: [{ done: true }, { done: false }, { done: false }],
      warnings: [
        { code: 'internal_server_ssl_error', accepted: false, explanation: expect.stringContaining('reaches') },
      ],
    });
  });

  it('hides the path secret of the service URL where the environment has it', async () => {
    world = await startRegistering();
    const env = { SPEAN_API_KEY: world.apiKey, SPEAN_PATH_SECRET: 'a-long-path-secret' };
    const url = ['--url', `${world.served.url}/a-long-path-secret/business-registry`];
    for (const more of [[], ['--json'], ['--dry-run']]) {
      const { out, notes } = await world.register([...url, ...more], { env });
      expect(out + notes).toContain('[SPEAN_PATH_SECRET]/business-registry');
      expect(out + notes).not.toContain('a-long-path-secret');
    }
  });
});

describe('a rate limit', () => {
  it('is waited out in steps that double where the server names no time', async () => {
    world = await startRegistering({ rateLimit: { perSecond: 20, perMinute: 5 } });
    const { code, notes } = await world.register();
    expect(code).toBe(0);
    const waits = [...notes.matchAll(/going on in (\d+) s/g)].map(([, seconds]) => Number(seconds));
    expect(waits.slice(0, 6)).toEqual([1, 2, 4, 8, 16, 30]);
  });

  it('is waited out for as long as the server says', async () => {
    world = await startRegistering({ rateLimit: { perSecond: 3, perMinute: 600 }, retryAfterSeconds: 7 });
    const { code, notes } = await world.register();
    expect(code).toBe(0);
    expect(notes).toContain('The security server has had too many requests: going on in 7 s');
  });

  it('is waited out until the date that a server names', async () => {
    world = await startRegistering();
    const start = Date.UTC(2026, 10, 23, 8);
    let isFirst = true;
    const busyOnce: typeof fetch = async (input, init) => {
      if (!isFirst) return fetch(input, init);
      isFirst = false;
      return new Response(null, { status: 429, headers: { 'retry-after': new Date(start + 12_000).toUTCString() } });
    };
    const slept: number[] = [];
    const sleep = async (durationMs: number) => void slept.push(durationMs);
    expect((await world.register(['--dry-run'], { fetch: busyOnce, now: () => start, sleep })).code).toBe(0);
    expect(slept).toEqual([12_000]);
  });

  it('that does not end is given up after two minutes', async () => {
    world = await startRegistering({ rateLimit: { perSecond: 0, perMinute: 0 } });
    const slept: number[] = [];
    const { code, notes } = await world.register([], { sleep: async (durationMs) => void slept.push(durationMs) });
    expect(code).toBe(2);
    expect(notes).toContain('20 requests a second and 600 a minute');
    expect(slept.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(120_000);
  });
});
