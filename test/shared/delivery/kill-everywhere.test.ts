import { expect, it } from 'vitest';
import { Seeded } from '../../support/seeded.ts';
import { CELLS, killAndJudge } from './kill-everywhere.ts';

/** At every call: kill-everywhere.long.test.ts. */
const DEATHS = 12;
/** A history has at least as many. */
const CALLS = 50;

it('a worker that dies at one of its calls loses nothing, repeats only what it had under way, and keeps the order', async () => {
  const seed = Date.now() % 1_000_000;
  const seeded = new Seeded(seed);
  const faults: string[] = [];
  for (let n = 0; n < DEATHS; n += 1)
    faults.push(...(await killAndJudge(seeded.pick(CELLS), seeded.integer(0, CALLS))));
  expect(faults, `seed ${seed}`).toEqual([]);
});
