import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { fetchFrom, makeTopic, must } from '../support/bus.ts';
import { useServer } from '../support/use-server.ts';

const MILLION = 1_000_000;
const RECORDS = 5 * MILLION;
const BATCH = 1000;
const PARTITIONS = 4;
const LIMIT_MIB = 250;

/** Five million records in and out: what the process holds must not grow with what it has stored. */
describe('memory', () => {
  const used = useServer();

  beforeAll(async () => {
    await makeTopic(used.api, { partitions: PARTITIONS }, 'much');
  });

  const residentMib = async (): Promise<number> => {
    const status = await readFile(`/proc/${used.server.pid}/status`, 'utf8');
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
  };

  const bodyOf = (partition: number): string => {
    const records = Array.from(
      { length: BATCH },
      (_, index) => `{"key":"k${index}","value":{"n":${index},"text":"${'x'.repeat(80)}"},"partition":${partition}}`,
    );
    return `{"records":[${records.join(',')}]}`;
  };

  const produceMillions = async (batches: number): Promise<void> => {
    const writers = Array.from({ length: PARTITIONS }, async (_, partition) => {
      const call = { body: bodyOf(partition), headers: { 'content-type': 'application/json' } };
      for (let turn = 0; turn < batches / PARTITIONS; turn += 1)
        must(await used.api.send('POST', '/v1/topics/much/records', call), 200);
    });
    await Promise.all(writers);
  };

  const readAll = async (): Promise<number> => {
    let count = 0;
    for (let partition = 0; partition < PARTITIONS; partition += 1) {
      let next = 0;
      for (let end = 1; next < end; ) {
        const read = await fetchFrom(used.api, 'much', partition, `?offset=${next}&limit=10000&maxBytes=4194304`);
        if (read.records[0]?.offset !== next) throw new Error(`A gap at ${partition}/${next}.`);
        count += read.records.length;
        next = read.nextOffset;
        end = read.highWatermark;
      }
    }
    return count;
  };

  it('stays under 250 MiB, and flat from the second to the fifth million', async () => {
    const samples: [string, number][] = [['at the start', await residentMib()]];
    for (let million = 1; million <= RECORDS / MILLION; million += 1) {
      await produceMillions(MILLION / BATCH);
      samples.push([`${million} million written`, await residentMib()]);
    }
    expect(await readAll()).toBe(RECORDS);
    samples.push(['all read back', await residentMib()]);
    console.log(samples.map(([when, mib]) => `${when}: ${mib} MiB`).join('\n'));
    const at = Object.fromEntries(samples);
    for (const [when, mib] of samples) expect(mib, when).toBeLessThan(LIMIT_MIB);
    expect((at['5 million written'] ?? 0) - (at['2 million written'] ?? 0)).toBeLessThan(40);
  });
});
