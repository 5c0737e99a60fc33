import { describe, expect, it } from 'vitest';
import { type GroupPosition, readGroupCursor, writeGroupCursor } from '../../../shared/groups/group-cursor.ts';
import { BILLING, groupUnderTest } from '../../support/group-under-test.ts';
import { ACME, topicIdOf } from '../../support/index-fixtures.ts';

/** A member that has read three records of each of two partitions, and a cursor that says something else. */
const forge = async (change: (position: GroupPosition) => Partial<GroupPosition>) => {
  const { member, fill, describe: look } = await groupUnderTest(2);
  for (const partition of [0, 1]) await fill(partition, 3);
  const a = member('a');
  const { cursor } = await a.poll();
  const { positions, ...rest } = readGroupCursor(ACME, BILLING, cursor);
  const forged = positions.map((position) => ({ ...position, ...change(position) }));
  const poll = () =>
    a.ask({ cursor: writeGroupCursor(ACME, BILLING, { ...rest, positions: forged }), autoCommit: true });
  const committed = async () => (await look()).partitions.map(({ committedOffset }) => committedOffset);
  return { a, poll, committed };
};

describe('a cursor that somebody has made up', () => {
  // It was committed before it was looked at, and from then on every poll of the group was refused.
  it('is refused where it is ahead of the log, and commits nothing of that', async () => {
    const { a, poll, committed } = await forge(({ partition }) => (partition === 1 ? { offset: 4 } : {}));
    await expect(poll()).rejects.toMatchObject({ code: 'invalid_cursor' });
    expect((await committed())[1]).toBeNull();
    expect((await a.ask({})).records).toContain('1:0');
  });

  it.each([
    ['another topic', { topicId: topicIdOf(99) }],
    ['a partition that there is not', { partition: 1000 }],
    ['another ownership', { ownership: 7 }],
  ])('counts for nothing where it is of %s', async (_name, change) => {
    const { poll, committed } = await forge(() => change);
    expect((await poll()).records).toHaveLength(6);
    expect(await committed()).toEqual([null, null]);
  });

  it('is fenced where it is of another seek', async () => {
    const { poll } = await forge(() => ({ seeks: 3 }));
    await expect(poll()).rejects.toMatchObject({ code: 'fenced' });
  });
});
