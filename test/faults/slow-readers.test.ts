import { type IncomingMessage, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeTopic, must } from '../support/bus.ts';
import { Seeded } from '../support/seeded.ts';
import type { Fetched } from '../support/shapes.ts';
import { useServer } from '../support/use-server.ts';

const RECORDS = 12_000;
const BATCH = 1000;
const READERS = 12;
const ROUNDS = 6;

/** A value of about 1 KiB that says which record it is from its beginning to its end. */
const textOf = (n: number): string => String(n).padStart(8, '0').repeat(128);

/** Answers share memory with those before and after them; whoever reads slowly, or goes away, must not see or make a mix. */
describe('readers of different paces', () => {
  const used = useServer({ connections: 4 });

  beforeAll(async () => {
    await makeTopic(used.api, {}, 'paced');
    for (let from = 0; from < RECORDS; from += BATCH) {
      const records = Array.from({ length: BATCH }, (_, n) => ({ value: textOf(from + n) }));
      must(await used.api.post('/v1/topics/paced/records', { records }), 200);
    }
  });

  const open = (offset: number): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const path = `/v1/topics/paced/partitions/0/records?offset=${offset}&limit=10000&maxBytes=4194304`;
      const headers = { authorization: `Bearer ${used.server.devKey}` };
      request(new URL(path, used.server.baseUrl), { headers, agent: false }, resolve).on('error', reject).end();
    });

  /** A part at a time, with a pause between; `undefined` when it goes away in the middle. */
  const read = async (answer: IncomingMessage, pauseMs: number, leaves: boolean): Promise<Fetched | undefined> => {
    const parts: Buffer[] = [];
    for await (const part of answer) {
      parts.push(part as Buffer);
      if (leaves && parts.length === 5) return undefined;
      if (pauseMs > 0 && parts.length % 8 === 1) await sleep(pauseMs);
    }
    return JSON.parse(Buffer.concat(parts).toString()) as Fetched;
  };

  const readers = async (random: Seeded): Promise<number> => {
    let seen = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const offset = random.integer(0, RECORDS - 4000);
      const fetched = await read(await open(offset), random.pick([0, 0, 5]), random.pick([true, false, false, false]));
      if (fetched === undefined) continue;
      fetched.records.forEach((record, n) => {
        if (record.offset !== offset + n || record.value !== textOf(offset + n))
          throw new Error(`Not record ${offset + n}: ${record.offset} ${String(record.value).slice(0, 20)}`);
      });
      seen += fetched.records.length;
    }
    return seen;
  };

  it('all see what was written, whole', async () => {
    const seen = await Promise.all(Array.from({ length: READERS }, (_, n) => readers(new Seeded(20 + n))));
    expect(Math.min(...seen)).toBeGreaterThan(0);
  });
});
