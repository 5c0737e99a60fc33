import { describe, expect, it } from 'vitest';
import { groupUnderTest, ORDERS } from '../../support/group-under-test.ts';
import { ACME, refOf } from '../../support/index-fixtures.ts';

const refusal = (code: string, extra: object = {}) =>
  expect.objectContaining({ code, extra: expect.objectContaining(extra) });

const readSome = async () => {
  const group = await groupUnderTest(2);
  await group.fill(0, 4);
  await group.fill(1, 2);
  const a = group.member('a');
  await a.poll();
  return { ...group, a };
};

describe('a seek', () => {
  it('shows what it would do without doing it', async () => {
    const { a, seek, describe } = await readSome();
    await a.commit();
    const offsets = [
      { topic: 'orders', partition: 0, from: 4, to: 0 },
      { topic: 'orders', partition: 1, from: 2, to: 0 },
    ];
    expect(await seek({ dryRun: true })).toEqual(offsets);
    expect((await describe()).lag).toBe(0);
    expect((await a.poll()).records).toEqual([]);
    expect(await seek({})).toEqual(offsets);
    expect((await describe()).lag).toBe(6);
  });

  it('goes to a time, an offset or an end, in all partitions or some', async () => {
    const { seek, log } = await readSome();
    const to = async (...args: Parameters<typeof seek>) =>
      (await seek(...args)).map(({ partition, to }) => [partition, to]);
    expect(await to({ to: { kind: 'timestamp', timestamp: 1001 } })).toEqual([
      [0, 1],
      [1, 1],
    ]);
    expect(await to({ to: { kind: 'latest' }, partitions: [1] })).toEqual([[1, 2]]);
    expect(await to({ to: { kind: 'offset', offset: 2 } })).toEqual([
      [0, 2],
      [1, 2],
    ]);
    await log.ports.offsets.trim(ACME, refOf(0, log.topic.id), 3);
    expect(await to({ to: { kind: 'earliest' } })).toEqual([
      [0, 3],
      [1, 0],
    ]);
  });

  it('refuses places that are not there, and changes nothing then', async () => {
    const { seek, describe } = await readSome();
    await expect(seek({ to: { kind: 'offset', offset: 3 } })).rejects.toThrow(refusal('offset_out_of_range'));
    await expect(seek({ partitions: [0, 2] })).rejects.toThrow(refusal('invalid_request'));
    await expect(seek({ topic: 'none' as typeof ORDERS })).rejects.toThrow(refusal('topic_not_found'));
    expect((await describe()).partitions).toMatchObject([{ committedOffset: null }, { committedOffset: null }]);
  });

  it('fences the cursors and commits of members that live, until they have polled without one', async () => {
    const { a, seek } = await readSome();
    await seek({ to: { kind: 'offset', offset: 1 }, partitions: [0] });
    const older = a.last?.cursor ?? '';
    await expect(a.commit([{ topic: ORDERS, partition: 0, offset: 4 }])).rejects.toThrow(
      refusal('fenced', { generation: 1 }),
    );
    await expect(a.ask({ cursor: older })).rejects.toThrow(refusal('fenced', { generation: 1 }));
    await expect(a.ask({ cursor: older })).rejects.toThrow(refusal('fenced'));
    a.last = undefined;
    expect([...(await a.poll()).records].sort()).toEqual(['0:1', '0:2', '0:3', '1:0', '1:1']);
    expect((await a.poll()).records).toEqual([]);
    await expect(a.ask({ cursor: older })).rejects.toThrow(refusal('fenced'));
    await a.commit();
  });

  it('fences a poll that waits', async () => {
    const { a, seek } = await readSome();
    const waiting = a.ask({ cursor: a.last?.cursor, waitMs: 20_000 });
    await seek({ to: { kind: 'latest' } });
    await expect(waiting).rejects.toThrow(refusal('fenced'));
  });

  it('leaves alone who has none of its partitions', async () => {
    const { a, member, seek, fill } = await readSome();
    const b = member('b');
    await b.poll();
    await a.commit();
    await a.poll();
    await b.poll();
    await seek({ partitions: [1] });
    await fill(0, 1);
    expect((await a.poll()).records).toEqual(['0:4']);
    await expect(b.ask({ cursor: b.last?.cursor })).rejects.toThrow(refusal('fenced'));
  });
});
