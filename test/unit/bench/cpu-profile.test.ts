import { describe, expect, it } from 'vitest';
import { selfTimes } from '../../../bench/harness/cpu-profile.ts';

const CODE = [
  'var helper;',
  '// src/mediate.ts',
  'function mediate() {}',
  '// src/envelope/sign.ts',
  'function sign() {}',
];

const frame = (functionName: string, lineNumber: number) => ({ callFrame: { functionName, lineNumber } });
const PROFILE = {
  nodes: [
    { id: 1, ...frame('(root)', -1), children: [2, 5, 6] },
    { id: 2, ...frame('mediate', 2), children: [3] },
    { id: 3, ...frame('sign', 4), children: [4] },
    { id: 4, ...frame('digest', -1) },
    { id: 5, ...frame('(idle)', -1) },
    { id: 6, ...frame('(garbage collector)', -1) },
  ],
  samples: [2, 4, 4, 5, 6, 3],
  timeDeltas: [10, 20, 30, 1000, 5, 1],
};

describe('self times of a profile', () => {
  const times = selfTimes(PROFILE, CODE.join('\n'));

  it('tell a runtime call under the file of whoever made it, the most expensive first', () => {
    expect(times[0]).toEqual({ name: 'digest', file: 'src/envelope/sign.ts', us: 50 });
  });

  it('find the file of a function by the line it is on in the bundle', () => {
    expect(times).toContainEqual({ name: 'mediate', file: 'src/mediate.ts', us: 10 });
    expect(times).toContainEqual({ name: 'sign', file: 'src/envelope/sign.ts', us: 1 });
  });

  it('leave waiting out and keep the garbage collector by itself', () => {
    expect(times).toContainEqual({ name: '(garbage collector)', file: '(runtime)', us: 5 });
    expect(times.map(({ name }) => name)).not.toContain('(idle)');
  });
});
