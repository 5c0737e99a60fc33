import { expect, it } from 'vitest';
import { ServerProcess } from '../support/server-process.ts';
import { pushRun } from './push-run.ts';

const records = Number(process.env['CHASQUI_RECORDS'] ?? 10_000);
const kills = Number(process.env['CHASQUI_KILLS'] ?? 4);
const seed = Number(process.env['CHASQUI_SEED'] ?? Date.now() % 1_000_000);

it(`${records} records to endpoints in trouble, the server killed ${kills} times, seed ${seed}`, async () => {
  const server = await ServerProcess.start({ settings: { CHASQUI_ALLOW_PRIVATE_ENDPOINTS: '1' } });
  try {
    const reports = await pushRun({ server, records, kills, seed });
    for (const { faults, missing, deadLetterFaults, ...numbers } of reports) {
      console.log(JSON.stringify(numbers));
      expect({ faults, missing, deadLetterFaults }).toEqual({ faults: [], missing: [], deadLetterFaults: [] });
    }
  } finally {
    await server.cleanup();
  }
});
