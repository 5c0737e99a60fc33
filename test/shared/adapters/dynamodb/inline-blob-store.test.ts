import { describe, expect, it } from 'vitest';
import { createInlineBlobStore } from '../../../../shared/adapters/dynamodb/inline-blob-store.ts';
import { inlineBlobKey } from '../../../../shared/adapters/dynamodb/keys.ts';
import { BlobUnreadableError } from '../../../../shared/ports/blob-store.ts';
import { ACME } from '../../../support/index-fixtures.ts';
import { createSeededRandom } from '../../../support/seeded-random.ts';
import { stubTable } from './stub-client.ts';

const open = (answers: object[], keepMs?: number) => {
  const table = { ...stubTable(answers), random: createSeededRandom() };
  return { table, store: createInlineBlobStore(keepMs === undefined ? table : { ...table, keepMs }) };
};
const sliceOf = (id: string) => ({ blob: { kind: 'inline', id, zones: 0 } as const, position: 0, length: 5 });
const itemOf = (id: string, text: string) => ({ ...inlineBlobKey(ACME, id), d: { B: Buffer.from(text) } });

describe('createInlineBlobStore', () => {
  it('gives a blob an end only where it is told how long blobs are kept', async () => {
    for (const [keepMs, ttl] of [
      [undefined, undefined],
      [60_000, { N: '1760000060' }],
    ] as const) {
      const { table, store } = open([{}], keepMs);
      await store.put(ACME, [Buffer.from('hello')]);
      expect((table.sent[0]!.input['Item'] as Record<string, unknown>)['ttl']).toEqual(ttl);
    }
  });

  it('reads at half the price, and again at the whole what is not there yet', async () => {
    const { table, store } = open([{ Responses: { table: [itemOf('b', 'first')] } }, { Item: itemOf('a', 'newer') }]);
    const read = await store.read(ACME, [sliceOf('a'), sliceOf('b')]);
    expect(read.map((bytes) => Buffer.from(bytes).toString())).toEqual(['newer', 'first']);
    expect(table.sent.map(({ name }) => name)).toEqual(['BatchGetItem', 'GetItem']);
    expect(table.sent[0]!.input['RequestItems']).toMatchObject({ table: { ConsistentRead: false } });
    expect(table.sent[1]!.input['ConsistentRead']).toBe(true);
  });

  it('says that a blob is lost only after the second look', async () => {
    const { table, store } = open([{}, {}]);
    await expect(store.read(ACME, [sliceOf('a')])).rejects.toBeInstanceOf(BlobUnreadableError);
    expect(table.sent.map(({ input }) => input['ConsistentRead'])).toEqual([false, true]);
  });
});
