import { describe, expect, it } from 'vitest';
import type { TopicName } from '../../../shared/contract/ids.ts';
import { groupUnderTest, ORDERS, partitionsOf } from '../../support/group-under-test.ts';

const refusal = (code: string, extra: object = {}) =>
  expect.objectContaining({ code, extra: expect.objectContaining(extra) });
const at = (partition: number, offset: number) => ({ topic: ORDERS, partition, offset });

describe('a commit', () => {
  it('moves forward only, and answers where it stands', async () => {
    const { member, fill, describe } = await groupUnderTest(2);
    await fill(0, 5);
    const a = member('a');
    await a.poll();
    expect(await a.commit([at(0, 3), at(1, 0)])).toEqual([at(0, 3), at(1, 0)]);
    expect(await a.commit([at(0, 1)])).toEqual([at(0, 3)]);
    expect(await a.commit([at(0, 5)])).toEqual([at(0, 5)]);
    expect((await describe()).partitions).toMatchObject([{ committedOffset: 5, lag: 0 }, { committedOffset: 0 }]);
  });

  it('is refused whole where one of its offsets is wrong, and changes nothing then', async () => {
    const { member, fill, describe } = await groupUnderTest(2);
    await fill(0, 2);
    const a = member('a');
    await a.poll();
    const none = { topic: 'none' as TopicName, partition: 0, offset: 0 };
    await expect(a.commit([at(0, 1), none])).rejects.toThrow(refusal('topic_not_found'));
    await expect(a.commit([at(0, 1), at(2, 0)])).rejects.toThrow(refusal('invalid_request'));
    await expect(a.commit([at(0, 1), at(0, 2)])).rejects.toThrow(refusal('invalid_request'));
    await expect(a.commit([at(0, 3)])).rejects.toThrow(refusal('offset_out_of_range', { highWatermark: 2 }));
    expect((await describe()).partitions[0]?.committedOffset).toBeNull();
  });

  it('is refused for partitions of others, with what is its own', async () => {
    const { member, fill } = await groupUnderTest(2);
    await fill(1, 1);
    const [a, b] = [member('a'), member('b')];
    await a.poll({ bounds: { records: 1, bytes: 1 } });
    await b.poll();
    await a.commit();
    await a.poll();
    await b.poll();
    expect(partitionsOf(b.last?.assignment ?? [])).toEqual([1]);
    await expect(a.commit([at(1, 1)])).rejects.toThrow(
      refusal('fenced', { generation: 1, assignment: [{ topic: 'orders', partition: 0 }] }),
    );
  });

  it('knows no group and no member that never was', async () => {
    const { member } = await groupUnderTest(1);
    const [a, b] = [member('a'), member('b')];
    await expect(a.commit([])).rejects.toThrow(refusal('group_not_found'));
    await expect(a.heartbeat()).rejects.toThrow(refusal('group_not_found'));
    await expect(a.leave()).rejects.toThrow(refusal('group_not_found'));
    await a.poll();
    await expect(b.leave()).rejects.toThrow(refusal('member_not_found'));
    b.last = { ...(await a.ask()), generation: 7 };
    await expect(b.heartbeat()).rejects.toThrow(refusal('member_not_found'));
    expect(await a.commit([])).toEqual([]);
  });

  it('of two at once from one member loses neither', async () => {
    const { member, fill, describe } = await groupUnderTest(1);
    await fill(0, 9);
    const a = member('a');
    await a.poll();
    const offsets = [4, 9, 2, 7];
    await Promise.all(offsets.map((offset) => a.commit([at(0, offset)])));
    expect((await describe()).partitions[0]).toMatchObject({ committedOffset: 9 });
  });

  it('that gave one partition back and met another writer at the next is not refused for what it gave back', async () => {
    let meets = false;
    const { member, fill, describe, log } = await groupUnderTest(2);
    const { groups } = log.ports;
    const write = groups.writeLease.bind(groups);
    groups.writeLease = (tenant, ref, next) => {
      const refuses = meets && next.partition === 0;
      if (refuses) meets = false;
      return refuses ? Promise.resolve(false) : write(tenant, ref, next);
    };
    await fill(0, 1);
    await fill(1, 1);
    const [a, b] = [member('a'), member('b')];
    await a.poll();
    await b.poll();
    meets = true;
    expect(await a.commit([at(0, 1), at(1, 1)])).toEqual([at(0, 1), at(1, 1)]);
    expect((await describe()).lag).toBe(0);
    expect(partitionsOf((await b.poll()).assignment)).toEqual([1]);
  });
});
