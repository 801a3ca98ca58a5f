import { describe, expect, it } from 'vitest';
import { GOOD_ANSWER } from '../../support/four-formats.ts';
import { guardedApp } from '../../support/guarded-app.ts';

/** The fake clock starts on Friday 2027-01-15, 15:00 in Phnom Penh. */
const morning = { zone: 'Asia/Phnom_Penh', open: ['Mon-Fri 07:30-14:00'] };
const UNTIL_MONDAY_MS = (9 + 24 + 24 + 7.5) * 3_600_000;

describe('a legacy system with opening hours', () => {
  it('is not called outside them, and the consumer is told when it opens', async () => {
    const { read, write, platform } = await guardedApp({ hours: morning });
    for (const asked of [await read('soap'), await write('soap', 'key-1')]) {
      expect(asked).toMatchObject({ status: 503, calls: 0, body: { code: 'legacy-closed' } });
      expect(asked.headers.get('retry-after')).toBe(String(UNTIL_MONDAY_MS / 1_000));
    }
    await platform.pass(UNTIL_MONDAY_MS);
    expect(await read('soap')).toMatchObject({ status: 200, calls: 1, body: GOOD_ANSWER });
    expect(await write('soap', 'key-1')).toMatchObject({ status: 201, calls: 1, body: GOOD_ANSWER });
  });

  it('is stood in for by a last good answer where one is declared', async () => {
    const { read, platform } = await guardedApp({
      hours: { ...morning, open: ['Mon-Fri 07:30-15:30'] },
      cache: { seconds: 60, lastGoodSeconds: 86_400 },
    });
    await read('csv');
    await platform.pass(3_600_000);
    const closed = await read('csv');
    expect(closed).toMatchObject({ status: 200, calls: 0, body: GOOD_ANSWER });
    expect(closed.headers.get('cache-status')).toBe('spean; hit; ttl=-3540; detail=legacy-closed');
  });
});
