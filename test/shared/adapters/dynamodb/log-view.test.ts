import { describe, expect, it } from 'vitest';
import { createDynamoOffsetStore } from '../../../../shared/adapters/dynamodb/dynamo-offset-store.ts';
import { encodeEntry } from '../../../../shared/adapters/dynamodb/encoding/entry-codec.ts';
import { encodeSealedState } from '../../../../shared/adapters/dynamodb/encoding/sealed-state.ts';
import { encodeSegment } from '../../../../shared/adapters/dynamodb/encoding/segment-codec.ts';
import { emptyHead } from '../../../../shared/adapters/dynamodb/head-item.ts';
import { segmentKey } from '../../../../shared/adapters/dynamodb/keys.ts';
import { IndexDamagedError } from '../../../../shared/ports/offset-store.ts';
import { ACME, entriesOf, refOf } from '../../../support/index-fixtures.ts';
import { stubTable } from './stub-client.ts';

const ENTRIES = entriesOf(4);
const number = (value: number) => ({ N: String(value) });

/** The head of a log of four records, the first `sealed` of which are in segments. */
const headOf = (sealed: number) => ({
  ...emptyHead(ACME, refOf()),
  n: number(4),
  b: number(sealed),
  t: { L: ENTRIES.slice(sealed).map((entry) => ({ B: encodeEntry(entry) })) },
  x: { B: encodeSealedState({ segments: 1, bytes: 100 * sealed, peaks: [1] }) },
});
const segmentOf = (from: number, to: number) => ({
  ...segmentKey(ACME, refOf(), to),
  d: { B: encodeSegment({ baseOffset: from, ordinal: 0, bytesBefore: 0, entries: ENTRIES.slice(from, to) }) },
});
const items = (...Items: object[]) => ({ Items });

const readAt = async (answers: object[], offset: number, limit = 10) => {
  const table = stubTable(answers);
  const page = await createDynamoOffsetStore(table).readIndex(ACME, refOf(), offset, limit);
  return { page, sent: table.sent.map(({ name }) => name) };
};

describe('a view of the log', () => {
  it('is one query that has the segments and the head', async () => {
    const { page, sent } = await readAt([items(segmentOf(0, 2), headOf(2))], 1);
    expect(page).toMatchObject({ baseOffset: 1, nextOffset: 4, entries: ENTRIES.slice(1) });
    expect(sent).toEqual(['Query']);
  });

  it('reads the head too where the query ends before it', async () => {
    const { page, sent } = await readAt([items(segmentOf(0, 2), segmentOf(2, 3)), { Item: headOf(3) }], 0, 2);
    expect(page).toMatchObject({ baseOffset: 0, nextOffset: 4, entries: ENTRIES.slice(0, 2) });
    expect(sent).toEqual(['Query', 'GetItem']);
  });

  it('is asked for again when the head was seen after a seal and the segment before it', async () => {
    const { page, sent } = await readAt([items(headOf(2)), items(segmentOf(0, 2), headOf(2))], 0);
    expect(page).toMatchObject({ baseOffset: 0, entries: ENTRIES });
    expect(sent).toEqual(['Query', 'Query']);
  });

  it('takes the segment where the head was seen before its seal', async () => {
    const { page } = await readAt([items(segmentOf(0, 2), headOf(0))], 0);
    expect(page).toMatchObject({ baseOffset: 0, nextOffset: 4, entries: ENTRIES.slice(0, 2) });
  });

  it('ends at a segment behind which another one is not seen yet', async () => {
    const { page } = await readAt([items(segmentOf(0, 1), headOf(2))], 0);
    expect(page).toMatchObject({ baseOffset: 0, entries: ENTRIES.slice(0, 1) });
  });

  it('is damaged when a segment stays away, or does not follow the one before', async () => {
    await expect(readAt(Array(20).fill(items(headOf(2))), 0)).rejects.toBeInstanceOf(IndexDamagedError);
    const gap = items(segmentOf(0, 1), segmentOf(2, 3), headOf(3));
    await expect(readAt(Array(20).fill(gap), 0)).rejects.toBeInstanceOf(IndexDamagedError);
    await expect(readAt([items(segmentOf(1, 2), headOf(2))], 0)).rejects.toThrow();
  });

  it('is damaged when bytes are', async () => {
    const head = headOf(0);
    await expect(readAt([items({ ...head, t: { L: [{ B: Buffer.of(3, 1, 2) }] } })], 0)).rejects.toThrow(
      'head acme/log/',
    );
    await expect(readAt([items({ ...head, n: { S: '4' } })], 0)).rejects.toBeInstanceOf(IndexDamagedError);
    const segment = { ...segmentOf(0, 2), d: { B: Buffer.of(1) } };
    await expect(readAt([items(segment, headOf(2))], 0)).rejects.toBeInstanceOf(IndexDamagedError);
  });
});

describe('readHeads', () => {
  it('asks for each head once, a hundred at a time, and again for what was not processed', async () => {
    const refs = [...Array.from({ length: 150 }, (_, partition) => refOf(partition)), refOf(0)];
    const found = (partition: number) => ({ ...emptyHead(ACME, refOf(partition)), n: number(partition) });
    const unprocessed = { table: { Keys: [{ pk: { S: 'a' }, sk: { S: 't' } }] } };
    const table = stubTable([
      { Responses: { table: [found(7)] }, UnprocessedKeys: unprocessed },
      { Responses: { table: [found(3)] } },
      { Responses: { table: [found(149)] } },
    ]);
    const heads = await createDynamoOffsetStore(table).readHeads(ACME, refs);
    expect(heads).toHaveLength(151);
    expect([3, 7, 8, 149].map((at) => heads[at]?.nextOffset)).toEqual([3, 7, undefined, 149]);
    const asked = table.sent.map(({ input }) => (input['RequestItems'] as { table: { Keys: [] } }).table.Keys.length);
    expect(asked).toEqual([100, 1, 50]);
  });
});
