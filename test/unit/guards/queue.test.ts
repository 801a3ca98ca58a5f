import { describe, expect, it } from 'vitest';
import { goodReply } from '../../support/four-formats.ts';
import { type GuardedApp, guardedApp } from '../../support/guarded-app.ts';
import { exchangeHeaders } from '../../support/test-app.ts';

/** What `/metrics` tells of the SOAP endpoint. */
async function gauge({ app }: Pick<GuardedApp, 'app'>, name: 'running' | 'queued'): Promise<number> {
  const metrics = await (await app.request('http://spean.test/metrics')).text();
  return Number(new RegExp(`^spean_legacy_calls_${name}\\{[^}]*"soap"\\} (\\d+)`, 'm').exec(metrics)?.[1]);
}

describe('a legacy system with room for one call', () => {
  it('gets one at a time; the next one waits, and the one behind it is told to come back', async () => {
    const { app, behave, platform, requests } = await guardedApp({
      limits: { legacyConcurrentCalls: 1, legacyQueuedCalls: 1 },
    });
    const answers: (() => void)[] = [];
    behave((format) => new Promise((resolve) => answers.push(() => resolve(goodReply(format)))));
    const ask = () => app.request('http://spean.test/four-formats/soap/1', { headers: exchangeHeaders() });

    const [first, second] = [ask(), ask()];
    await expect.poll(() => Promise.all([gauge({ app }, 'running'), gauge({ app }, 'queued')])).toEqual([1, 1]);
    const third = await ask();
    expect([third.status, (await third.json()).code]).toEqual([503, 'legacy-busy']);
    expect(third.headers.get('retry-after')).toBe('5');
    expect(requests).toHaveLength(1);

    answers.shift()?.();
    expect((await first).status).toBe(200);
    await expect.poll(() => requests.length).toBe(2);
    answers.shift()?.();
    expect((await second).status).toBe(200);
    expect(await Promise.all([gauge({ app }, 'running'), gauge({ app }, 'queued')])).toEqual([0, 0]);
    expect(platform.timers()).toBe(0);
  });

  it('lets nobody wait for ever', async () => {
    const { app, behave, platform, requests } = await guardedApp({
      limits: { legacyConcurrentCalls: 1, legacyQueueMs: 2_000 },
    });
    behave(() => new Promise(() => {}));
    const ask = () => app.request('http://spean.test/four-formats/soap/1', { headers: exchangeHeaders() });
    ask();
    const waiting = ask();
    await expect.poll(() => gauge({ app }, 'queued')).toBe(1);
    await platform.pass(2_000);
    const { status, headers } = await waiting;
    expect([status, headers.get('retry-after'), requests.length]).toEqual([503, '5', 1]);
  });
});
