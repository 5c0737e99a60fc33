import { DeleteObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { openDeployment, readStack } from '../../scripts/aws/deployment.ts';
import { createS3Client } from '../../shared/adapters/s3/client.ts';
import { freshName, makeKey, makeTenant, makeTopic, must } from '../support/bus.ts';
import { Http } from '../support/http.ts';
import { callByTheClock } from './by-the-clock.ts';

const { endpoint, region, ZoneBucketNames = '' } = readStack();
const zones = ZoneBucketNames.split(',');

const repairByTheClock = async (): Promise<void> =>
  expect(await callByTheClock({ repair: true })).toEqual([200, 'null']);

it.skipIf(zones.length < 2)('copies that a zone has lost come back by the clock', async () => {
  const { baseUrl, operatorKey } = await openDeployment();
  const http = new Http(baseUrl, 4);
  const s3 = createS3Client({
    endpoint,
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    forcePathStyle: true,
  });
  const operator = http.as(operatorKey);
  const tenant = await makeTenant(operator);
  const api = http.as((await makeKey(operator, tenant)).key);
  const { name: topic } = await makeTopic(api, { replicationFactor: zones.length }, freshName('copies'));
  const held = async (Bucket: string | undefined): Promise<string[]> => {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: `${tenant}/` }));
    return Contents.map(({ Key }) => Key!).sort();
  };
  for (let n = 0; n < 5; n += 1)
    must(await api.post(`/v1/topics/${topic}/records`, { records: [{ value: 'x'.repeat(9000) }] }), 200);
  await repairByTheClock();
  const all = await held(zones[0]);
  expect(all).toHaveLength(5);
  for (const Key of all) await s3.send(new DeleteObjectCommand({ Bucket: zones[1], Key }));
  expect(await held(zones[1])).toEqual([]);
  await repairByTheClock();
  for (const zone of zones) expect(await held(zone)).toEqual(all);
  http.close();
  s3.destroy();
});
