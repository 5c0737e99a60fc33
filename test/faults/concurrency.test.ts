import { describe, expect, it } from 'vitest';
import { makeTopic, produce, watermarks } from '../support/bus.ts';
import { useServer } from '../support/use-server.ts';
import { Ledger, type Written } from './ledger.ts';

const CLIENTS = 64;
const REQUESTS = 200;
const PARTITIONS = 4;

describe('64 clients at once', () => {
  const used = useServer({ connections: CLIENTS });

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
            used.api,
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
    const { name: topic } = await makeTopic(used.api, { partitions: PARTITIONS }, `busy-${perRequest}`);
    const ledger = await writeAll(topic, perRequest);
    expect(ledger.acknowledged, name).toBe(CLIENTS * REQUESTS);
    expect(await ledger.audit(used.api, topic, PARTITIONS)).toEqual([]);
    const total = (await watermarks(used.api, topic)).reduce((sum, one) => sum + one, 0);
    expect(total).toBe(CLIENTS * REQUESTS);
  });

  it('leaves a log that is the same after a restart', async () => {
    const { name: topic } = await makeTopic(used.api, { partitions: PARTITIONS }, 'kept');
    const ledger = await writeAll(topic, 50);
    await used.stopAndRestart();
    expect(await ledger.audit(used.api, topic, PARTITIONS)).toEqual([]);
  });
});
