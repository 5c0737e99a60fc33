import { expect, it } from 'vitest';
import { openDeployment } from '../../scripts/aws/deployment.ts';
import { CHAOS_SESSION_MS, groupChaos } from '../faults/group-chaos.ts';
import { makeKey, makeTenant } from '../support/bus.ts';
import { Http } from '../support/http.ts';

/** Between the moment when a dead member's session ends and the last answer that shows it: each poll is a process that gets its turn. */
const NOTICED_MS = 2000;
const SEED = Number(process.env['CHASQUI_SEED'] ?? 20_010_401);

it('a group of three loses and misplaces nothing while members join, leave and are killed, and answers are lost', {
  timeout: 180_000,
}, async () => {
  const { baseUrl, operatorKey } = await openDeployment();
  const http = new Http(baseUrl, 16);
  const operator = http.as(operatorKey);
  const api = http.as((await makeKey(operator, await makeTenant(operator))).key);
  const { faults, missing, ...numbers } = await groupChaos({
    instances: [api],
    durationMs: 60_000,
    seed: SEED,
    members: 3,
  });
  console.log(JSON.stringify(numbers));
  expect(faults).toEqual([]);
  expect(missing).toEqual([]);
  expect(numbers.flights).toBe(20_000);
  expect(numbers.kills).toBeGreaterThan(10);
  expect(numbers.lostAnswers).toBeGreaterThan(0);
  expect(numbers.balancedAfterMs).toBeLessThan(CHAOS_SESSION_MS + NOTICED_MS);
  http.close();
});
