import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GroupName } from '../../../shared/contract/ids.ts';
import { type GroupCursor, readGroupCursor, writeGroupCursor } from '../../../shared/groups/group-cursor.ts';
import { check } from '../../support/check.ts';
import { ACME, GLOBEX, topicIdOf } from '../../support/index-fixtures.ts';

const BILLING = 'billing' as GroupName;
const number = fc.maxSafeNat();
const position = fc.record({
  topicId: fc.nat(3).map(topicIdOf),
  partition: fc.nat(1023),
  ownership: number,
  seeks: number,
  offset: number,
});
const cursors: fc.Arbitrary<GroupCursor> = fc
  .record({ generation: number, first: fc.nat(2000), positions: fc.array(position, { maxLength: 30 }) })
  .map((cursor) => ({ ...cursor, positions: [...cursor.positions].sort((a, b) => (a.topicId < b.topicId ? -1 : 1)) }));

const refusal = expect.objectContaining({ code: 'invalid_cursor' });

describe('a group cursor', () => {
  it('is read as it was written', () => {
    check(
      fc.property(cursors, (cursor) => {
        expect(readGroupCursor(ACME, BILLING, writeGroupCursor(ACME, BILLING, cursor))).toEqual(cursor);
      }),
    );
  });

  it('is none for another group or another tenant', () => {
    const cursor = { generation: 1, first: 0, positions: [] };
    const text = writeGroupCursor(ACME, BILLING, cursor);
    expect(() => readGroupCursor(GLOBEX, BILLING, text)).toThrow(refusal);
    expect(() => readGroupCursor(ACME, 'other' as GroupName, text)).toThrow(refusal);
  });

  it('is refused when anything in it was changed or cut off', () => {
    const whole = { topicId: topicIdOf(1), partition: 7, ownership: 3, seeks: 1, offset: 1_000_000 };
    const text = writeGroupCursor(ACME, BILLING, { generation: 9, first: 0, positions: [whole] });
    for (let at = 0; at < text.length; at += 1) {
      const other = text[at] === 'A' ? 'B' : 'A';
      expect(() => readGroupCursor(ACME, BILLING, text.slice(0, at) + other + text.slice(at + 1))).toThrow(refusal);
      expect(() => readGroupCursor(ACME, BILLING, text.slice(0, at))).toThrow(refusal);
    }
    for (const nonsense of ['', '{}', `${text}=`, ` ${text}`, 'a b', '\u0000'])
      expect(() => readGroupCursor(ACME, BILLING, nonsense)).toThrow(refusal);
  });
});
