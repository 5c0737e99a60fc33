import { expect, it } from 'vitest';
import { must } from '../support/bus.ts';
import { expectProblem } from '../support/expect-problem.ts';
import type { Chapter } from './bus-under-test.ts';

const numbersIn = (value: unknown): number[] => {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
};

export const limits: Chapter = (bus) => {
  it('shows the limits that the contract names, to a tenant and to the operator', async () => {
    for (const caller of [bus.api, bus.operator]) {
      const shown = numbersIn(must(await caller.get('/v1/limits'), 200).json());
      for (const limit of [1_048_576, 4_194_304, 10_000, 20_000, 256, 1024]) expect(shown).toContain(limit);
    }
  });

  it('needs a key', async () => {
    expectProblem(await bus.anonymous.get('/v1/limits'), 401, 'unauthenticated');
  });
};
