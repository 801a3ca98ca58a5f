/** Legacy servers that misbehave on the wire: each ends in a problem within its limits, and the next call is served. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FORMATS, fourFormats, GOOD_ANSWER } from '../../support/four-formats.ts';
import { type MisbehavingServer, startMisbehavingServer, wireFaults } from '../../support/misbehaving-server.ts';
import { exchangeHeaders, testApp } from '../../support/test-app.ts';

let server: MisbehavingServer;
beforeAll(async () => {
  server = await startMisbehavingServer();
});
afterAll(() => server.close());

const LIMITS = { legacyBytes: 200_000, streamedBytes: 200_000, attempts: 1, breakerFailures: 100 };
/** Long enough for a busy machine where the time is not what is tested. */
const budgetOf = (code: string) => (code === 'legacy-timeout' ? 300 : 10_000);

describe.each(FORMATS)('a legacy server of the format %s', (format) => {
  it.each(wireFaults(format))('that $name ends in $code, and the next call is served', async ({ code, listener }) => {
    const { app } = await testApp({
      adapters: [fourFormats({ limits: { ...LIMITS, timeBudgetMs: budgetOf(code) } })],
      environment: { FOUR_FORMATS_URL: server.url },
      legacy: (request) => fetch(request),
    });
    const ask = () => app.request(`http://spean.test/four-formats/${format}/1`, { headers: exchangeHeaders() });
    const closed = server.closed();
    const since = performance.now();
    server.behave(format, listener);
    const failed = await ask();
    expect((await failed.json()).code).toBe(code);
    expect(performance.now() - since).toBeLessThan(budgetOf(code) + 2_000);
    await expect.poll(server.closed).toBe(closed + 1);
    server.behave(format);
    expect(await (await ask()).json()).toEqual(GOOD_ANSWER);
  });
});
