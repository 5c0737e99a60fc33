import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openDeployment } from '../../scripts/aws/deployment.ts';
import { fetchFrom, makeKey, makeTenant, makeTopic, produce } from '../support/bus.ts';
import { Http } from '../support/http.ts';
import { callByTheClock } from './by-the-clock.ts';

const OLD = Date.UTC(2001, 0, 31);

it('what a topic no longer keeps goes by the clock, and nothing else, whatever the records say of their time', async () => {
  const { baseUrl, operatorKey } = await openDeployment();
  const http = new Http(baseUrl, 4);
  const operator = http.as(operatorKey);
  const api = http.as((await makeKey(operator, await makeTenant(operator))).key);
  const [short, long] = [(await makeTopic(api, { retentionMs: 1000 })).name, (await makeTopic(api)).name];
  for (const topic of [short, long])
    for (const value of ['small', 'x'.repeat(9000)]) await produce(api, topic, [{ value, timestamp: OLD }]);
  await pause(1001);
  expect(await callByTheClock({ retention: true })).toEqual([200, 'null']);
  const kept = await fetchFrom(api, short);
  expect([kept.records, kept.logStartOffset, kept.highWatermark]).toEqual([[], 2, 2]);
  expect((await fetchFrom(api, long)).records).toHaveLength(2);
  http.close();
});
