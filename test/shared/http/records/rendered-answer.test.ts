import { beforeAll, describe, expect, it } from 'vitest';
import { JsonRecordSink } from '../../../../shared/http/records/write-json.ts';
import { BufferPool } from '../../../../shared/lib/buffer-pool.ts';
import { fetchPartition } from '../../../../shared/log/fetch-partition.ts';
import { RenderedEntries } from '../../../../shared/log/rendered-entries.ts';
import { ACME, GLOBEX, refOf } from '../../../support/index-fixtures.ts';
import { createLogUnderTest, type LogUnderTest, recordOf } from '../../../support/log-under-test.ts';
import { Seeded } from '../../../support/seeded.ts';

const MIB = 1024 * 1024;

interface Ask {
  readonly offset: number;
  readonly records: number;
  readonly bytes: number;
}

interface Given {
  readonly text: string;
  readonly nextOffset: number;
  /** Pieces that the answer was made of. */
  readonly parts: number;
  release(): void;
}

/** Entries of very different sizes: of one small record, of one that is large, of hundreds. */
const filled = async (random: Seeded): Promise<LogUnderTest> => {
  const log = await createLogUnderTest();
  for (let entry = 0; entry < 60; entry++) {
    const count = random.pick([1, 1, 3, 40, 120]);
    const size = random.pick([3, 300, 900]);
    const records = Array.from({ length: count }, (_, n) => recordOf(`${entry}-${n} é"\\`.padEnd(size, 'x')));
    await log.produce(random.pick([records, [recordOf('y'.repeat(70_000))]]));
  }
  await log.groupCommit.idle();
  return log;
};

const ask = async (log: LogUnderTest, { offset, ...bounds }: Ask, entries?: RenderedEntries): Promise<Given> => {
  const pool = new BufferPool(8 * MIB);
  const sink = new JsonRecordSink({ pool, remembered: entries && { tenant: ACME, entries } });
  const call = { tenant: ACME, ref: refOf(), start: { kind: 'offset', offset }, bounds, waitMs: 0 } as const;
  const { nextOffset } = await fetchPartition({ ...log.ports, cache: log.cache }, call, sink);
  const body = sink.finish({ nextOffset });
  const parts = body instanceof Uint8Array ? [body] : body;
  return { text: Buffer.concat(parts).toString(), nextOffset, parts: parts.length, release: () => sink.release() };
};

let log: LogUnderTest;
let end: number;

beforeAll(async () => {
  log = await filled(new Seeded(7));
  end = (await log.ports.offsets.readHead(ACME, refOf()))!.nextOffset;
});

const randomAsk = (random: Seeded): Ask => ({
  offset: random.integer(0, end),
  records: random.pick([1, 2, 17, 500, 10_000]),
  bytes: random.pick([1, 200, 5000, 70_100, 200_000, MIB]),
});

describe('RenderedAnswer', () => {
  it.each([
    ['of all that there is', 64 * MIB],
    ['of a little', MIB],
    ['of nothing', 0],
  ])('answers with a memory %s what is answered without', async (_, budget) => {
    const random = new Seeded(budget + 1);
    const entries = new RenderedEntries(budget, new BufferPool(8 * MIB));
    let shared = 0;
    for (let round = 0; round < 400; round++) {
      const wanted = randomAsk(random);
      const given = await ask(log, wanted, entries);
      expect(given.text).toBe((await ask(log, wanted)).text);
      shared += given.parts - 1;
      if (random.integer(0, 3) > 0) given.release();
    }
    expect(shared > 0).toBe(budget > 0);
  });

  it('meets a limit of bytes to the byte', async () => {
    const random = new Seeded(3);
    const entries = new RenderedEntries(64 * MIB, new BufferPool(8 * MIB));
    for (let round = 0; round < 60; round++) {
      const wanted = { ...randomAsk(random), bytes: MIB };
      const { text } = await ask(log, wanted, entries);
      const size = text.lastIndexOf(']') - text.indexOf('[') - 1;
      for (const bytes of [size - 1, size, size + 1])
        expect((await ask(log, { ...wanted, bytes }, entries)).text).toBe((await ask(log, { ...wanted, bytes })).text);
    }
  });

  it('reads a whole log as it is, step by step, out of what others have rendered', async () => {
    const entries = new RenderedEntries(64 * MIB, new BufferPool(8 * MIB));
    for (const part of [0, 0.3, 0.6, 0.9]) {
      const given = await ask(log, { offset: Math.floor(part * end), records: 10_000, bytes: MIB }, entries);
      given.release();
    }
    const texts: unknown[] = [];
    for (let offset = 0; offset < end; ) {
      const given = await ask(log, { offset, records: 77, bytes: 50_000 }, entries);
      texts.push(...JSON.parse(given.text).records.map((record: { offset: number }) => record.offset));
      offset = given.nextOffset;
    }
    expect(texts).toEqual(Array.from({ length: end }, (_, offset) => offset));
  });

  it('keeps tenants apart, and the same batch at another place', () => {
    const entries = new RenderedEntries(MIB, new BufferPool(MIB));
    const blob = { kind: 'memory', id: '019a', zones: 0 } as const;
    const entry = { blob, position: 0, length: 20_000, count: 1, maxTimestamp: 0 };
    entries.keep(ACME, new Uint8Array(30_000), [
      [
        { entry, baseOffset: 5 },
        { start: 0, ends: [20_000] },
      ],
    ]);
    expect(entries.has(ACME, { entry, baseOffset: 5 })).toBe(true);
    expect(entries.has(GLOBEX, { entry, baseOffset: 5 })).toBe(false);
    expect(entries.has(ACME, { entry, baseOffset: 6 })).toBe(false);
  });
});
