import type { LoadGenerator, LoadResult } from './load.ts';
import type { Scenario } from './scenarios.ts';
import { median } from './statistics.ts';

/** The results of each scenario, one a round. */
export type Measured = ReadonlyMap<string, readonly LoadResult[]>;

/**
 * Every scenario once a round, in turn, so that a machine that grows slower does so for all of them; every other round the other way
 * round.
 */
export const runRounds = async (
  generator: LoadGenerator,
  scenarios: readonly Scenario[],
  rounds: number,
  seconds: number,
): Promise<Measured> => {
  const measured = new Map<string, LoadResult[]>(scenarios.map(({ id }) => [id, []]));
  for (let round = 1; round <= rounds; round += 1) {
    process.stderr.write(`round ${round} of ${rounds}\n`);
    for (const { id, load } of round % 2 === 1 ? scenarios : scenarios.toReversed()) {
      const result = await generator.run({ ...load, seconds });
      if (result.failures > 0) throw new Error(`${id}: ${result.failures} requests failed`);
      measured.get(id)?.push(result);
    }
  }
  return measured;
};

/** The median over the rounds of one figure of one scenario. */
export const figure = (measured: Measured, id: string, of: keyof LoadResult): number =>
  median((measured.get(id) ?? []).map((result) => result[of]));

/** The median over the rounds of the ratio, which each round takes between its own two results. */
export const ratio = (measured: Measured, id: string, to: string, of: keyof LoadResult): number => {
  const others = measured.get(to) ?? [];
  return median((measured.get(id) ?? []).map((result, round) => result[of] / (others[round]?.[of] ?? Number.NaN)));
};
