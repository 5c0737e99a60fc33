import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDeployment } from '../../scripts/aws/deployment.ts';
import { Ledger } from '../faults/ledger.ts';
import { freshName, makeKey, makeTenant, makeTopic, must, watermarks } from '../support/bus.ts';
import { type Answer, type Caller, Http } from '../support/http.ts';
import type { Produced } from '../support/shapes.ts';

const PRODUCERS = 64;
/** Of each; every one is a commit. A partition seals its tail every 32. */
const REQUESTS = 10;
const PARTITIONS = 2;
const TEST_TIMEOUT_MS = 240_000;

describe('64 producers through the deployed API', () => {
  let http: Http;
  let api: Caller;

  beforeAll(async () => {
    const { baseUrl, operatorKey } = await openDeployment();
    http = new Http(baseUrl, PRODUCERS);
    const operator = http.as(operatorKey);
    api = http.as((await makeKey(operator, await makeTenant(operator))).key);
  });

  afterAll(() => http.close());

  /** Until it is stored. What may have been stored is not sent again: the emulator does not lose answers, and a double would hide in it. */
  const store = async (topic: string, record: object): Promise<Answer> => {
    for (;;) {
      const answer = await api.post(`/v1/topics/${topic}/records`, { records: [record] });
      const refused = answer.status === 503 && answer.json<{ sideEffects: string }>().sideEffects === 'none';
      if (!refused) return must(answer, 200);
    }
  };

  it(
    'lose nothing, store nothing twice, leave no gap and keep the order of each key',
    async () => {
      const { name: topic } = await makeTopic(api, { partitions: PARTITIONS }, freshName('busy'));
      const ledger = new Ledger();
      const produceAll = async (_: unknown, producer: number): Promise<void> => {
        const writer = `producer-${producer}`;
        for (let sequence = 0; sequence < REQUESTS; sequence += 1) {
          const value = { writer, sequence };
          ledger.acknowledge([value], (await store(topic, { key: writer, value })).json<Produced>().results);
        }
      };
      await Promise.all(Array.from({ length: PRODUCERS }, produceAll));
      expect(ledger.acknowledged).toBe(PRODUCERS * REQUESTS);
      expect(await ledger.audit(api, topic, PARTITIONS)).toEqual([]);
      const total = (await watermarks(api, topic)).reduce((sum, one) => sum + one, 0);
      expect(total).toBe(PRODUCERS * REQUESTS);
    },
    TEST_TIMEOUT_MS,
  );
});
