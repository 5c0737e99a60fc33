import { expect, it } from 'vitest';
import { runKillRounds } from './kill-rounds.ts';

const ROUNDS = Number(process.env['CHASQUI_ROUNDS'] ?? 20);
const SEED = Number(process.env['CHASQUI_SEED'] ?? Date.now() % 2 ** 31);

/** Small records make many commits, large ones make the files of the log change under the writers. */
it.each([
  ['small', ROUNDS, 400],
  ['large', Math.ceil(ROUNDS / 4), 30_000],
])(
  'kill -9 under full load of %s records loses, moves and doubles nothing that was acknowledged',
  async (size, rounds, paddingBytes) => {
    const report = await runKillRounds({ rounds, producers: 32, longestMs: 3000, seed: SEED, paddingBytes });
    const { acknowledged, uncertain } = report;
    console.log(
      `${rounds} rounds of ${size} records, seed ${SEED}: ${acknowledged} acknowledged, ${uncertain} in doubt`,
    );
    expect(report.faults, `seed ${SEED}`).toEqual([]);
  },
);
