import { describe, expect, it } from 'vitest';
import { ChasquiError } from '../../../shared/contract/errors.ts';
import type { TopicName } from '../../../shared/contract/ids.ts';
import { findTopic } from '../../../shared/log/find-topic.ts';
import { placeNow, produce } from '../../../shared/log/produce.ts';
import type { BlobKeeping } from '../../../shared/ports/blob-keeping.ts';
import { IndexDamagedError, type PartitionRef } from '../../../shared/ports/offset-store.ts';
import { listPartitions } from '../../../shared/tenancy/partitions.ts';
import {
  REMEMBERED_MS,
  type RetentionPlace,
  type RetentionTally,
  retainEverything,
} from '../../../shared/tenancy/retention.ts';
import { retainInTurns } from '../../../shared/tenancy/retention-in-turns.ts';
import { patchTopic, putTopic } from '../../../shared/tenancy/topics.ts';
import { recordOf } from '../../support/log-under-test.ts';
import { memoryService, tenantId } from '../../support/memory-service.ts';

const HOUR_MS = 3_600_000;
const ORDERS = 'orders' as TopicName;

/** A tenant with topics of some partitions, each with a record in an entry of its own. */
const open = async (topics: Readonly<Record<string, number>> = { orders: 2 }) => {
  const kept: (number | undefined)[] = [];
  const keeping: BlobKeeping = { keepLonger: async (_tenant, _blob, keepMs) => void kept.push(keepMs) };
  const service = memoryService();
  const { clock, log } = service;
  const tenant = tenantId('acme');
  await service.tenants.create({ id: tenant, name: 'acme', createdAt: '2026-01-31T12:00:00.000Z' });
  const send = async (name: string, partition: number): Promise<void> => {
    const topic = await findTopic(service, tenant, name as TopicName);
    const placement = placeNow(service, topic);
    await produce(service, { tenant, topic, records: [recordOf('v', { partition })], placement });
  };
  for (const [name, partitions] of Object.entries(topics)) {
    await putTopic(service, tenant, name as TopicName, { partitions });
    for (let partition = 0; partition < partitions; partition += 1) await send(name, partition);
  }
  const ports = { ...service, keeping, knownSince: 0 };
  const patch = (retentionMs: number, name = ORDERS) => patchTopic(ports, tenant, name, { retentionMs });
  const walk = async (from?: RetentionPlace, isOver = () => false) => {
    const tally: RetentionTally = { removed: 0, failed: 0 };
    const stopped = await retainEverything(ports, tally, from, isOver);
    return { ...tally, stopped };
  };
  const raisedAt = async () => (await service.topics.get(tenant, ORDERS))?.raisedAt;
  return { ports, clock, log, tenant, kept, send, patch, walk, raisedAt };
};

/** Over after so many questions. */
const afterQuestions = (count: number): (() => boolean) => {
  let asked = 0;
  return () => {
    asked += 1;
    return asked > count;
  };
};

describe('retention', () => {
  it('shortens every topic of every tenant by its own time', async () => {
    const { clock, ports, tenant, patch, walk } = await open({ orders: 2, 'other.topic': 3, unbounded: 1 });
    await patch(-1, 'unbounded' as TopicName);
    await patch(HOUR_MS);
    await clock.advance(HOUR_MS + 1);
    expect(await walk()).toEqual({ removed: 2, failed: 0, stopped: undefined });
    await clock.advance(7 * 24 * HOUR_MS);
    expect(await walk()).toEqual({ removed: 3, failed: 0, stopped: undefined });
    const [unbounded] = await listPartitions(ports, tenant, 'unbounded' as TopicName);
    expect(unbounded).toMatchObject({ logStartOffset: 0, highWatermark: 1 });
    const [shortened] = await listPartitions(ports, tenant, ORDERS);
    expect(shortened).toMatchObject({ logStartOffset: 1, highWatermark: 1, retainedBytes: 0 });
  });

  it('goes on where it was stopped, and looks at nothing twice', async () => {
    const { clock, walk } = await open({ a: 3, b: 2 });
    await clock.advance(8 * 24 * HOUR_MS);
    const first = await walk(undefined, afterQuestions(2));
    expect(first).toMatchObject({ removed: 2, stopped: { topic: 'a', partition: 2 } });
    const second = await walk(first.stopped, afterQuestions(2));
    expect(second).toMatchObject({ removed: 2, stopped: { topic: 'b', partition: 1 } });
    expect(await walk(second.stopped)).toEqual({ removed: 1, failed: 0, stopped: undefined });
  });

  it.each(['head', 'index'])(
    'goes on with the others when the %s of a partition is damaged, and says so',
    async (what) => {
      const { ports, clock, log, walk } = await open({ orders: 3 });
      await clock.advance(8 * 24 * HOUR_MS);
      const { readHead, readHeads, readIndex } = ports.offsets;
      const check = (place: string, ...refs: readonly PartitionRef[]): void => {
        if (place === what && refs.some(({ partition }) => partition === 1)) throw new IndexDamagedError(place);
      };
      Object.assign(ports.offsets, {
        readHead: async (...args: Parameters<typeof readHead>) => {
          check('head', args[1]);
          return readHead(...args);
        },
        readHeads: async (...args: Parameters<typeof readHeads>) => {
          check('head', ...args[1]);
          return readHeads(...args);
        },
        readIndex: async (...args: Parameters<typeof readIndex>) => {
          check('index', args[1]);
          return readIndex(...args);
        },
      });
      expect(await walk()).toEqual({ removed: 2, failed: 1, stopped: undefined });
      expect(log.lines.at(-1)).toMatchObject({ event: 'retention failed', topic: 'orders', partition: 1 });
    },
  );

  it('lets requests in between any two topics, and within a large one', async () => {
    const { ports, walk } = await open({ a: 1, b: 1, c: 250 });
    let turns = 0;
    const { turn } = ports.clock;
    Object.assign(ports.clock, {
      turn: () => {
        turns += 1;
        return turn();
      },
    });
    await walk();
    expect(turns).toBe(1 + 1 + 3);
  });

  it('is stopped behind some failures in a row, and goes on there', async () => {
    const { ports, clock, walk } = await open({ a: 7, b: 1 });
    await clock.advance(8 * 24 * HOUR_MS);
    const { trim } = ports.offsets;
    Object.assign(ports.offsets, {
      trim: async (...args: Parameters<typeof trim>) => {
        if (args[1].partition < 5) throw new ChasquiError('unavailable', 'no');
        return trim(...args);
      },
    });
    const { stopped, ...first } = await walk();
    expect([first, stopped]).toMatchObject([
      { removed: 0, failed: 5 },
      { topic: 'a', partition: 5, hasFailed: true },
    ]);
    expect(await walk(stopped)).toMatchObject({ removed: 2, failed: 1, stopped: undefined });
  });

  it('keeps what somebody has just said to keep', async () => {
    const { ports, tenant, clock, patch, walk } = await open({ orders: 2 });
    await clock.advance(8 * 24 * HOUR_MS);
    const { readHeads } = ports.offsets;
    Object.assign(ports.offsets, {
      readHeads: async (...args: Parameters<typeof readHeads>) => {
        await patch(-1);
        return readHeads(...args);
      },
    });
    expect(await walk()).toMatchObject({ removed: 0, failed: 0 });
    expect(await listPartitions(ports, tenant, ORDERS)).toMatchObject([{ logStartOffset: 0 }, { logStartOffset: 0 }]);
  });
});

describe('a retention that is raised', () => {
  it('has what was stored before kept for as long, once nobody remembers the old one', async () => {
    const { clock, kept, patch, walk, raisedAt } = await open();
    await patch(30 * 24 * HOUR_MS);
    expect(await raisedAt()).toBe(clock.now());
    await walk();
    expect(kept).toEqual([]);
    await clock.advance(REMEMBERED_MS + 1);
    await walk();
    expect(kept).toEqual([30 * 24 * HOUR_MS, 30 * 24 * HOUR_MS]);
    expect(await raisedAt()).toBeUndefined();
    await walk();
    expect(kept).toHaveLength(2);
  });

  it('is one that knows no end too; one that is lowered, or stays, is not', async () => {
    const { clock, kept, patch, walk, raisedAt } = await open();
    for (const retentionMs of [7 * 24 * HOUR_MS, HOUR_MS]) {
      await patch(retentionMs);
      expect(await raisedAt()).toBeUndefined();
    }
    await patch(-1);
    await clock.advance(REMEMBERED_MS + 1);
    await walk();
    expect(kept).toEqual([undefined, undefined]);
    await patch(HOUR_MS);
    expect(await raisedAt()).toBeUndefined();
  });

  it('leaves alone what was stored after it', async () => {
    const { send, clock, kept, patch, walk } = await open({ orders: 1 });
    await patch(-1);
    await clock.advance(REMEMBERED_MS);
    await send('orders', 0);
    await clock.advance(1);
    await walk();
    expect(kept).toHaveLength(1);
  });

  it('keeps its mark until one walk has been through every partition', async () => {
    const { clock, kept, patch, walk, raisedAt } = await open({ orders: 3 });
    await patch(-1);
    const mark = await raisedAt();
    await clock.advance(REMEMBERED_MS + 1);
    const { stopped } = await walk(undefined, afterQuestions(3));
    expect(stopped).toMatchObject({ partition: 1, raisedAt: mark });
    await patch(HOUR_MS);
    await patch(-1);
    const later = await raisedAt();
    expect(later).not.toBe(mark);
    await clock.advance(REMEMBERED_MS + 1);
    expect((await walk(stopped)).stopped).toBeUndefined();
    expect(await raisedAt()).toBe(later);
    expect(kept).toHaveLength(1);
    await walk();
    expect(kept).toHaveLength(4);
    expect(await raisedAt()).toBeUndefined();
  });

  it('is for all partitions but one that fails', async () => {
    const { ports, clock, kept, patch, walk, raisedAt } = await open({ orders: 4 });
    await patch(-1);
    await clock.advance(REMEMBERED_MS + 1);
    const { readIndex } = ports.offsets;
    Object.assign(ports.offsets, {
      readIndex: async (...args: Parameters<typeof readIndex>) => {
        if (args[1].partition === 1) throw new IndexDamagedError('here');
        return readIndex(...args);
      },
    });
    expect(await walk()).toMatchObject({ failed: 1 });
    expect(kept).toHaveLength(3);
    expect(await raisedAt()).toEqual(expect.any(Number));
  });

  it('keeps its mark where a partition fails, also when it is gone on with later', async () => {
    const { ports, clock, patch, walk, raisedAt } = await open({ orders: 3 });
    await patch(-1);
    await clock.advance(REMEMBERED_MS + 1);
    let fails = true;
    Object.assign(ports, {
      keeping: {
        keepLonger: async () => {
          if (fails) throw new Error('no');
        },
      },
    });
    const { stopped, failed } = await walk(undefined, afterQuestions(2));
    expect([stopped?.partition, failed]).toEqual([1, 1]);
    fails = false;
    await walk(stopped);
    expect(await raisedAt()).toEqual(expect.any(Number));
    await walk();
    expect(await raisedAt()).toBeUndefined();
  });
});

it('a retention by the clock goes on where the turn before was stopped', async () => {
  const { ports, clock, log } = await open({ a: 2, b: 2 });
  const saved: (string | undefined)[] = [];
  const progress = {
    load: async () => saved.at(-1),
    save: async (cursor: string | undefined) => void saved.push(cursor),
  };
  await clock.advance(8 * 24 * HOUR_MS);
  let looks = 0;
  const ticking = { ...clock, now: () => clock.now() + (looks++ > 5 ? 10 : 0) };
  const turn = () => retainInTurns({ ...ports, clock: ticking }, progress, clock.now() + 5);
  const first = await turn();
  expect(saved).toEqual([expect.stringMatching(/^acme\/[ab]\/\d\/0\/0\/0$/)]);
  looks = -1000;
  const second = await turn();
  expect([first.removed + second.removed, saved.at(-1)]).toEqual([4, undefined]);
  const lines = log.lines.filter(({ event }) => event === 'retained');
  expect(lines).toMatchObject([{ isThrough: false }, { isThrough: true, level: 'info' }]);
});
