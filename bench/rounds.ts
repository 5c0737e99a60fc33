import { cpuSeconds } from './cpu-time.ts';
import type { LoadGenerator, LoadResult } from './load.ts';
import type { Scenario } from './scenarios.ts';
import { median } from './statistics.ts';

/** A result, and what it cost the server. */
export interface RoundResult extends LoadResult {
  readonly cpuMicrosPerRequest: number;
}

/** The results of each scenario, one a round. */
export type Measured = ReadonlyMap<string, readonly RoundResult[]>;

const runOne = async (
  generator: LoadGenerator,
  { id, server, load }: Scenario,
  seconds: number,
): Promise<RoundResult> => {
  const before = cpuSeconds(server.pid);
  const result = await generator.run({ ...load, seconds });
  if (result.failures > 0) throw new Error(`${id}: ${result.failures} requests failed`);
  const spent = cpuSeconds(server.pid) - before;
  return { ...result, cpuMicrosPerRequest: (spent * 1e6) / (result.requestsPerSecond * seconds) };
};

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
  const measured = new Map<string, RoundResult[]>(scenarios.map(({ id }) => [id, []]));
  for (let round = 1; round <= rounds; round += 1) {
    process.stderr.write(`round ${round} of ${rounds}\n`);
    for (const scenario of round % 2 === 1 ? scenarios : scenarios.toReversed()) {
      measured.get(scenario.id)?.push(await runOne(generator, scenario, seconds));
    }
  }
  return measured;
};

/** The median over the rounds of one figure of one scenario. */
export const figure = (measured: Measured, id: string, of: keyof RoundResult): number =>
  median((measured.get(id) ?? []).map((result) => result[of]));

/** The median over the rounds of the ratio, which each round takes between its own two results. */
export const ratio = (measured: Measured, id: string, to: string, of: keyof RoundResult): number => {
  const others = measured.get(to) ?? [];
  return median((measured.get(id) ?? []).map((result, round) => result[of] / (others[round]?.[of] ?? Number.NaN)));
};
