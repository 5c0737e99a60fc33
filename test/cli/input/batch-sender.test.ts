import { describe, expect, it } from 'vitest';
import type { Batch } from '../../../cli/input/batch.ts';
import { BatchSender } from '../../../cli/input/batch-sender.ts';
import { LIMITS } from '../../../shared/contract/limits.ts';

const place = { source: 'test', line: 1 };

/** Requests that end when the test says so. */
const fakeServer = () => {
  const sent: { readonly body: string; readonly records: number; readonly answer: (error?: Error) => void }[] = [];
  const send = (batch: Batch) =>
    new Promise<void>((resolve, reject) => {
      const answer = (error?: Error) => (error === undefined ? resolve() : reject(error));
      sent.push({ body: batch.body().toString(), records: batch.places.length, answer });
    });
  return { sent, send };
};

const add = (sender: BatchSender, ...records: readonly string[]) =>
  Promise.all(records.map((record) => sender.add(Buffer.from(record), place, 1)));

describe('BatchSender', () => {
  it('sends what has come at once, and what comes meanwhile together', async () => {
    const { sent, send } = fakeServer();
    const sender = new BatchSender(send);
    await add(sender, 'a');
    sender.flush();
    await add(sender, 'b');
    sender.flush();
    await add(sender, 'c');
    expect(sent.map(({ body }) => body)).toEqual(['a\n']);
    sent[0]?.answer();
    const drained = sender.drain();
    await new Promise(setImmediate);
    expect(sent.map(({ body }) => body)).toEqual(['a\n', 'b\nc\n']);
    sent[1]?.answer();
    await drained;
  });

  it('makes no batch larger than a request may be', async () => {
    const sizes: { readonly bytes: number; readonly records: number }[] = [];
    const sender = new BatchSender(async (batch) => {
      sizes.push({ bytes: batch.body().length, records: batch.places.length });
    });
    for (let i = 0; i < LIMITS.recordsPerRequest + 1; i += 1) await sender.add(Buffer.from('x'), place, 1);
    for (let i = 0; i < 9; i += 1) await sender.add(Buffer.alloc(LIMITS.recordBytes / 2), place, 1);
    sender.flush();
    await sender.drain();
    expect(sizes.map(({ records }) => records)).toEqual([LIMITS.recordsPerRequest, 8, 2]);
    expect(sizes.every(({ bytes }) => bytes <= LIMITS.requestBytes)).toBe(true);
  });

  it('takes a record that fills a request to the last byte and refuses one byte more', async () => {
    const sender = new BatchSender(async () => undefined);
    await sender.add(Buffer.alloc(LIMITS.requestBytes - 1), place, 1);
    sender.flush();
    await sender.drain();
    const larger = sender.add(Buffer.alloc(LIMITS.requestBytes), place, 1);
    await expect(larger).rejects.toThrow('larger than a request');
  });

  it('sends nothing behind a batch that failed, and passes its error on', async () => {
    const { sent, send } = fakeServer();
    const sender = new BatchSender(send);
    await add(sender, 'a');
    sender.flush();
    await add(sender, 'b');
    sent[0]?.answer(new Error('refused'));
    await expect(sender.drain()).rejects.toThrow('refused');
    sender.flush();
    await expect(sender.drain()).rejects.toThrow('refused');
    expect(sender.failed.aborted).toBe(true);
    expect(sent).toHaveLength(1);
  });
});
