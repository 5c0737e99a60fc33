import { randomUUID } from 'node:crypto';
import { ApiError } from '../../client/api-error.ts';
import type { Client } from '../../client/client.ts';
import { isRefused } from '../../client/produce.ts';
import { patience } from '../patience.ts';
import type { Batch } from './batch.ts';
import { atRecord } from './place.ts';
import type { Tally } from './tally.ts';

/** A batch under a key of its own: sent again after a lost answer, it is stored once. Reports what was stored to the tally. */
export const batchStorer = (client: Client, topic: string, tally: Tally, stored: (lines: string) => Promise<void>) => {
  const run = randomUUID();
  const retry = patience();
  let batches = 0;
  return async (batch: Batch): Promise<void> => {
    batches += 1;
    const idempotencyKey = `chasqui-cli.${run}.${batches}`;
    const body = batch.body();
    const send = () => client.produceNdjson(topic, body, { idempotencyKey });
    const { results } = await retry(send).catch((error: unknown) => {
      throw atRecord(error, batch.places);
    });
    for (const result of results) if (!isRefused(result)) tally.add(result);
    tally.inputBytes += batch.inputBytes;
    await stored(results.map((result) => `${JSON.stringify(result)}\n`).join(''));
    const refused = results.find(isRefused)?.error;
    if (refused !== undefined) throw new ApiError({ ...refused, status: 207, repeatable: false });
  };
};
