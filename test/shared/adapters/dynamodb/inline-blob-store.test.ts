import { describe, expect, it } from 'vitest';
import { createInlineBlobStore } from '../../../../shared/adapters/dynamodb/inline-blob-store.ts';
import { inlineBlobKey } from '../../../../shared/adapters/dynamodb/keys.ts';
import { BlobUnreadableError } from '../../../../shared/ports/blob-store.ts';
import { ACME } from '../../../support/index-fixtures.ts';
import { createSeededRandom } from '../../../support/seeded-random.ts';
import { stubTable } from './stub-client.ts';

const open = (answers: object[]) => {
  const table = { ...stubTable(answers), random: createSeededRandom() };
  return { table, store: createInlineBlobStore(table) };
};
const sliceOf = (id: string) => ({ blob: { kind: 'inline', id, zones: 0 } as const, position: 0, length: 5 });
const itemOf = (id: string, text: string) => ({ ...inlineBlobKey(ACME, id), d: { B: Buffer.from(text) } });

describe('createInlineBlobStore', () => {
  it('gives a blob an end, well past the time for which it is to be kept, only where there is such a time', async () => {
    for (const [keepMs, ttl] of [
      [undefined, undefined],
      [60_500, { N: `${1_760_000_000 + 61 + 14 * 86_400}` }],
    ] as const) {
      const { table, store } = open([{}]);
      await store.put(ACME, [Buffer.from('hello')], { keepMs });
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
