import { describe, expect, it } from 'vitest';
import { runKillRounds } from './kill-rounds.ts';

describe('kill -9 under full load', () => {
  it('loses, moves and doubles nothing that was acknowledged', async () => {
    const seed = Number(process.env['CHASQUI_SEED'] ?? Date.now() % 2 ** 31);
    const report = await runKillRounds({ rounds: 3, producers: 32, longestMs: 900, seed });
    expect(report.faults, `seed ${seed}`).toEqual([]);
    expect(report.acknowledged).toBeGreaterThan(500);
  }, 60_000);

  it('nor where batches are in zones', async () => {
    const seed = Number(process.env['CHASQUI_SEED'] ?? Date.now() % 2 ** 31);
    const settings = { CHASQUI_ZONES: '3' };
    const report = await runKillRounds({ rounds: 2, producers: 16, longestMs: 600, seed, settings });
    expect(report.faults, `seed ${seed}`).toEqual([]);
    expect(report.acknowledged).toBeGreaterThan(100);
  }, 60_000);
});
