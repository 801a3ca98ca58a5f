import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fuzzOnce, openFuzzTarget } from '../../support/fuzz-target.ts';

it('answers any request and any legacy reply with the declared success or a coded problem', {
  timeout: 60_000,
}, async () => {
  const target = await openFuzzTarget();
  let succeeded = 0;
  await fc.assert(
    fc.asyncProperty(target.shots, async (shot) => {
      const { outcome, complaint } = await fuzzOnce(target, shot);
      if (outcome.startsWith('2')) succeeded++;
      expect(complaint).toBeUndefined();
    }),
    { numRuns: 2_000 },
  );
  expect(succeeded).toBeGreaterThan(100);
});
