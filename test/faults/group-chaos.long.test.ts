import { expect, it } from 'vitest';
import { Http } from '../support/http.ts';
import { ServerProcess } from '../support/server-process.ts';
import { CHAOS_SESSION_MS, groupChaos } from './group-chaos.ts';

const seconds = Number(process.env['CHASQUI_SECONDS'] ?? 60);
const seed = Number(process.env['CHASQUI_SEED'] ?? Date.now() % 1_000_000);

it(`a group through ${seconds} s of joins, leaves and kills, seed ${seed}`, async () => {
  const server = await ServerProcess.start();
  const http = new Http(server.baseUrl);
  try {
    const report = await groupChaos({ instances: [http.as(server.devKey)], durationMs: seconds * 1000, seed });
    const { faults, missing, ...numbers } = report;
    console.log(JSON.stringify(numbers));
    expect(faults).toEqual([]);
    expect(missing).toEqual([]);
    expect(report.balancedAfterMs).toBeLessThan(CHAOS_SESSION_MS + 1000);
  } finally {
    http.close();
    await server.cleanup();
  }
});
