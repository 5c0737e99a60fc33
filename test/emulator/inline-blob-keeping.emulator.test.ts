import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createInlineBlobKeeping } from '../../shared/adapters/dynamodb/inline-blob-keeping.ts';
import { createInlineBlobStore } from '../../shared/adapters/dynamodb/inline-blob-store.ts';
import { inlineBlobKey } from '../../shared/adapters/dynamodb/keys.ts';
import { timeOfUuid } from '../../shared/lib/uuid-time.ts';
import { GRACE_MS } from '../../shared/ports/blob-keeping.ts';
import type { BlobRef } from '../../shared/ports/blob-store.ts';
import { ACME, GLOBEX } from '../support/index-fixtures.ts';
import { DYNAMODBS } from './dynamo-under-test.ts';
import { FAULTS } from './wire.ts';
import { openWiredTable, type WiredTable } from './wired-table.ts';

const DAY_MS = 86_400_000;

describe.each([...DYNAMODBS])('inline batches in $name', ({ name }) => {
  let table: WiredTable;
  beforeAll(async () => {
    table = await openWiredTable(name);
  });
  afterAll(() => table.close());

  const put = (keepMs?: number): Promise<BlobRef> =>
    createInlineBlobStore(table).put(ACME, [Buffer.from('hello')], { keepMs });
  const itemOf = async ({ id }: BlobRef, tenant = ACME) => {
    const Key = { ...inlineBlobKey(tenant, id) };
    return (await table.client.send(new GetItemCommand({ TableName: table.tableName, Key, ConsistentRead: true })))
      .Item;
  };
  /** For how long it is kept behind its grace, in seconds; undefined: until it is deleted. */
  const keptFor = async (blob: BlobRef): Promise<number | undefined> => {
    const end = (await itemOf(blob))?.['ttl']?.N;
    return end === undefined ? undefined : Math.floor(Number(end) - (timeOfUuid(blob.id)! + GRACE_MS) / 1000);
  };

  it('end some time after their retention, or never', async () => {
    expect(await keptFor(await put(7 * DAY_MS))).toBe(7 * 86_400);
    expect(await keptFor(await put())).toBeUndefined();
  });

  it('are kept longer, never shorter, and as often as asked', async () => {
    const { keepLonger } = createInlineBlobKeeping(table);
    const blob = await put(7 * DAY_MS);
    for (const [days, kept] of [
      [30, 30],
      [30, 30],
      [1, 30],
    ] as const) {
      await keepLonger(ACME, blob, days * DAY_MS);
      expect(await keptFor(blob)).toBe(kept * 86_400);
    }
    for (const keepMs of [undefined, undefined, DAY_MS]) {
      await keepLonger(ACME, blob, keepMs);
      expect(await keptFor(blob)).toBeUndefined();
    }
    expect(Buffer.from((await itemOf(blob))!['d']!.B!).toString()).toBe('hello');
  });

  it.each(FAULTS)('have the end that was asked for last, after: %s', async (fault) => {
    const { keepLonger } = createInlineBlobKeeping(table);
    const blob = await put(DAY_MS);
    for (const days of [2, 3]) {
      table.wire.start(fault);
      await keepLonger(ACME, blob, days * DAY_MS).catch(() => keepLonger(ACME, blob, days * DAY_MS));
    }
    table.wire.start();
    expect(await keptFor(blob)).toBe(3 * 86_400);
    await table.wire.deliverLate();
    expect(await keptFor(blob)).toBe(3 * 86_400);
  });

  it('come to nobody else by it, nor back when they are gone', async () => {
    const { keepLonger } = createInlineBlobKeeping(table);
    const blob = await put(DAY_MS);
    await keepLonger(GLOBEX, blob, 30 * DAY_MS);
    await keepLonger(ACME, { ...blob, kind: 'standard' }, 30 * DAY_MS);
    expect(await keptFor(blob)).toBe(86_400);
    expect(await itemOf(blob, GLOBEX)).toBeUndefined();
    await createInlineBlobStore(table).delete(ACME, blob);
    for (const keepMs of [undefined, DAY_MS]) await keepLonger(ACME, blob, keepMs);
    expect(await itemOf(blob)).toBeUndefined();
  });
});
