import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, inject, it } from 'vitest';
import { CHAOS_SESSION_MS, groupChaos } from '../faults/group-chaos.ts';
import { makeKey, makeTenant } from '../support/bus.ts';
import { Http } from '../support/http.ts';
import { OPERATOR_KEY } from '../support/memory-service.ts';
import { openTable } from './dynamo-under-test.ts';
import type { InstancePlace } from './instance.ts';
import { openBuckets } from './s3-under-test.ts';

const INSTANCE = fileURLToPath(new URL('instance.ts', import.meta.url));

const startInstance = async (place: InstancePlace): Promise<{ child: ChildProcess; url: string }> => {
  const child = fork(INSTANCE, [JSON.stringify(place)], { execArgv: ['--import', 'tsx'] });
  const [url] = (await once(child, 'message')) as [string];
  return { child, url };
};

it('a group loses and misplaces nothing where every request goes to either of two processes on one table', {
  timeout: 180_000,
}, async () => {
  const [table, buckets] = [await openTable('DynamoDB Local'), await openBuckets(1)];
  const place: InstancePlace = {
    dynamoDbEndpoint: inject('dynamoDbEndpoint'),
    awsEndpoint: inject('awsEndpoint'),
    tableName: table.tableName,
    bucket: buckets.names[0]!,
  };
  const instances = await Promise.all([startInstance(place), startInstance(place)]);
  const https = instances.map(({ url }) => new Http(url));
  try {
    const operator = https[0]!.as(OPERATOR_KEY);
    const { key } = await makeKey(operator, await makeTenant(operator));
    const callers = https.map((http) => http.as(key));
    const { faults, missing, ...numbers } = await groupChaos({
      instances: callers,
      durationMs: 60_000,
      seed: 20_010_331,
    });
    console.log(JSON.stringify(numbers));
    expect(faults).toEqual([]);
    expect(missing).toEqual([]);
    expect(numbers.kills).toBeGreaterThan(0);
    expect(numbers.balancedAfterMs).toBeLessThan(CHAOS_SESSION_MS + 500);
  } finally {
    for (const http of https) http.close();
    for (const { child } of instances) child.disconnect();
    await Promise.all([table.close(), buckets.close()]);
  }
});
