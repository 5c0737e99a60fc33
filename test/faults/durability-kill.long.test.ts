import { describe, expect, it } from 'vitest';
import { runKillRounds } from './kill-rounds.ts';

describe('kill -9 under full load, twenty times', () => {
  it('loses, moves and doubles nothing that was acknowledged', async () => {
    const seed = Number(process.env['CHASQUI_SEED'] ?? Date.now() % 2 ** 31);
    const rounds = Number(process.env['CHASQUI_ROUNDS'] ?? 20);
    const report = await runKillRounds({ rounds, producers: 32, longestMs: 3000, seed });
    console.log(
      `${rounds} rounds, seed ${seed}: ${report.acknowledged} records acknowledged, ${report.uncertain} in doubt`,
    );
    expect(report.faults, `seed ${seed}`).toEqual([]);
  });
});
