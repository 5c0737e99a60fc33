import type { Client } from '../../client/client.ts';
import type { PartitionStart, TopicStart } from '../../client/fetched.ts';
import { LIMITS } from '../../shared/contract/limits.ts';
import { patience } from '../patience.ts';
import { countLines } from './lines.ts';
import { noteSkipped } from './note-skipped.ts';

export interface PageLimits {
  /** Records in all. */
  readonly limit: number;
  /** How long the first page waits for a first record, in milliseconds. */
  readonly waitMs?: number | undefined;
}

const pageOf = (left: number) => ({ limit: Math.min(left, LIMITS.fetchRecords), maxBytes: LIMITS.fetchBytes });

/** NDJSON of a partition, page after page, to the limit or the end as it is then. Returns whether there is more. */
export async function* partitionPages(
  client: Client,
  topic: string,
  partition: number,
  start: PartitionStart,
  { limit, waitMs }: PageLimits,
): AsyncGenerator<Uint8Array, boolean> {
  const retry = patience();
  let at: PartitionStart & { readonly waitMs?: number | undefined } = { ...start, waitMs };
  for (let left = limit; left > 0; ) {
    const query = { ...at, ...pageOf(left) };
    const answer = await retry(() => client.fetchPartitionLines(topic, partition, query));
    yield answer.lines;
    if (answer.nextOffset >= answer.highWatermark) return false;
    left -= countLines(answer.lines);
    at = { offset: answer.nextOffset };
  }
  return true;
}

/** NDJSON of all partitions, page after page, to the limit or to an empty page. Returns whether there may be more. */
export async function* topicPages(
  client: Client,
  topic: string,
  start: TopicStart,
  { limit, waitMs }: PageLimits,
): AsyncGenerator<Uint8Array, boolean> {
  const retry = patience();
  let at: TopicStart & { readonly waitMs?: number | undefined } = { ...start, waitMs };
  for (let left = limit; left > 0; ) {
    const query = { ...at, ...pageOf(left) };
    const { lines, cursor, skipped } = await retry(() => client.fetchTopicLines(topic, query));
    noteSkipped(skipped);
    at = { cursor };
    if (lines.length > 0) yield lines;
    // An answer that has room for some of what was skipped, and no records yet, is not the end.
    else if (skipped.length === 0) return false;
    left -= countLines(lines);
  }
  return true;
}
