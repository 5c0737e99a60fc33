import { describe, expect, it } from 'vitest';
import type { Ports } from '../../../shared/ports/ports.ts';
import { groupUnderTest, SESSION_MS } from '../../support/group-under-test.ts';

const WRITES = new Set(['drawGeneration', 'addMember', 'renewMember', 'removeMember', 'writeLease', 'removeLease']);

/** Counts what a store is asked; look-ups of topics come from caches, and are not counted. */
const counting = async (partitions: number) => {
  let calls: string[] = [];
  const counted = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return (...args: unknown[]) => {
          calls.push(String(name));
          return Reflect.apply(method, target, args) as unknown;
        };
      },
    });
  const group = await groupUnderTest(partitions, ({ groups, offsets, blobs }: Ports) => ({
    groups: counted(groups),
    offsets: counted(offsets),
    blobs: counted(blobs),
  }));
  return {
    ...group,
    of: async (work: () => Promise<unknown>): Promise<{ reads: string[]; writes: string[] }> => {
      calls = [];
      await work();
      const made = calls;
      return { reads: made.filter((call) => !WRITES.has(call)), writes: made.filter((call) => WRITES.has(call)) };
    },
  };
};

describe('what a member asks of the stores', () => {
  it('is three calls and one for each partition, to join and gain them', async () => {
    const { member, of } = await counting(6);
    const { reads, writes } = await of(() => member('a').poll());
    expect(reads).toEqual(['read', 'readHeads']);
    expect(writes.sort()).toEqual(['addMember', 'drawGeneration', ...Array.from({ length: 6 }, () => 'writeLease')]);
  });

  it('is two reads and the blobs, to poll with records', async () => {
    const { member, fill, of } = await counting(4);
    const a = member('a');
    await a.poll();
    for (const partition of [0, 1, 2, 3]) await fill(partition, 3);
    const { reads, writes } = await of(() => a.poll());
    expect(reads.filter((call) => call !== 'load')).toEqual(['read', 'readHeads', 'read', 'read', 'read', 'read']);
    expect(writes).toEqual([]);
  });

  it('is two reads and nothing written, to poll without anything new', async () => {
    const { member, of } = await counting(4);
    const a = member('a');
    await a.poll();
    expect(await of(() => a.poll())).toEqual({ reads: ['read', 'readHeads'], writes: [] });
  });

  it('is a heartbeat when a third of the session has passed, and not before', async () => {
    const { member, of, log } = await counting(4);
    const a = member('a');
    await a.poll();
    await log.ports.clock.advance(SESSION_MS / 3 - 1);
    expect((await of(() => a.poll())).writes).toEqual([]);
    await log.ports.clock.advance(1);
    expect((await of(() => a.poll())).writes).toEqual(['renewMember']);
    expect((await of(() => a.poll())).writes).toEqual([]);
  });

  it('is one write for each partition, to commit', async () => {
    const { member, fill, of } = await counting(4);
    for (const partition of [0, 1, 2]) await fill(partition, 3);
    const a = member('a');
    await a.poll();
    expect((await of(() => a.commit())).writes).toEqual(['writeLease', 'writeLease', 'writeLease']);
  });

  it('is one write for each partition, to commit by a poll, and none when that is done', async () => {
    const { member, fill, of } = await counting(4);
    for (const partition of [0, 1, 2]) await fill(partition, 3);
    const a = member('a');
    await a.poll();
    const writes = async (): Promise<string[]> => (await of(() => a.poll({ autoCommit: true }))).writes;
    expect(await writes()).toEqual(['writeLease', 'writeLease', 'writeLease']);
    expect(await writes()).toEqual([]);
  });

  it('is a look now and then, and a heartbeat now and then, to wait for 20 s', async () => {
    const { member, of, log } = await counting(2);
    const a = member('a');
    await a.poll();
    const { reads, writes } = await of(async () => {
      const waiting = a.poll({ waitMs: 20_000 });
      await log.ports.clock.advance(20_000);
      await waiting;
    });
    expect(reads.length).toBeLessThanOrEqual(2 * 13);
    expect(writes.every((call) => call === 'renewMember')).toBe(true);
    expect(writes.length).toBeLessThanOrEqual(2);
  });
});
