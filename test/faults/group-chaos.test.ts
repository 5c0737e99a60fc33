import { expect, it } from 'vitest';
import { Http } from '../support/http.ts';
import { ServerProcess } from '../support/server-process.ts';
import { CHAOS_SESSION_MS, groupChaos } from './group-chaos.ts';

const SEED = 20_010_131;

it('a group loses and misplaces nothing while members join, leave and are killed, and answers are lost', {
  timeout: 60_000,
}, async () => {
  const server = await ServerProcess.start();
  const http = new Http(server.baseUrl);
  try {
    const report = await groupChaos({ instances: [http.as(server.devKey)], durationMs: 4000, seed: SEED });
    expect(report.faults, JSON.stringify(report)).toEqual([]);
    expect(report.missing).toEqual([]);
    // A calm rebalance takes nothing from anybody who works.
    expect(report.fenced).toBeLessThan(5);
    expect(report.balancedAfterMs).toBeLessThan(CHAOS_SESSION_MS + 1000);
    expect(report.kills).toBeGreaterThan(0);
    expect(report.lostAnswers).toBeGreaterThan(0);
  } finally {
    http.close();
    await server.cleanup();
  }
});
