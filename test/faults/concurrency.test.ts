import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTopic, produce, watermarks } from '../support/bus.ts';
import { type Caller, Http } from '../support/http.ts';
import { ServerProcess } from '../support/server-process.ts';
import { Ledger, type Written } from './ledger.ts';

const CLIENTS = 64;
const REQUESTS = 200;
const PARTITIONS = 4;

describe('64 clients at once', () => {
  let server: ServerProcess;
  let http: Http;
  let api: Caller;

  beforeAll(async () => {
    server = await ServerProcess.start();
    http = new Http(server.baseUrl, CLIENTS);
    api = http.as(server.devKey);
  });

  afterAll(async () => {
    http.close();
    await server.cleanup();
  });

  const writeAll = async (topic: string, perRequest: number): Promise<Ledger> => {
    const ledger = new Ledger();
    const clients = Array.from({ length: CLIENTS }, async (_, client) => {
      const writer = `client-${client}`;
      for (let request = 0; request < REQUESTS / perRequest; request += 1) {
        const written: Written[] = Array.from({ length: perRequest }, (_one, index) => ({
          writer,
          sequence: request * perRequest + index,
        }));
        ledger.acknowledge(
          written,
          await produce(
            api,
            topic,
            written.map((value) => ({ key: writer, value })),
          ),
        );
      }
    });
    await Promise.all(clients);
    return ledger;
  };

  it.each([
    ['single records', 1],
    ['batches', 20],
  ])('writing %s: no gap, no double, each key in order, every answer right', async (name, perRequest) => {
    const { name: topic } = await makeTopic(api, { partitions: PARTITIONS }, `busy-${perRequest}`);
    const ledger = await writeAll(topic, perRequest);
    expect(ledger.acknowledged, name).toBe(CLIENTS * REQUESTS);
    expect(await ledger.audit(api, topic, PARTITIONS)).toEqual([]);
    const total = (await watermarks(api, topic)).reduce((sum, one) => sum + one, 0);
    expect(total).toBe(CLIENTS * REQUESTS);
  });

  it('leaves a log that is the same after a restart', async () => {
    const { name: topic } = await makeTopic(api, { partitions: PARTITIONS }, 'kept');
    const ledger = await writeAll(topic, 50);
    await server.stop();
    await server.restart();
    const anew = new Http(server.baseUrl);
    expect(await ledger.audit(anew.as(server.devKey), topic, PARTITIONS)).toEqual([]);
    anew.close();
  });
});
