import { ApiError } from '../../client/api-error.ts';
import type { Client } from '../../client/client.ts';
import { LIMITS } from '../../shared/contract/limits.ts';
import { patience } from '../patience.ts';
import { noteSkipped } from './note-skipped.ts';

/** A server that restarts is waited for. */
const PATIENCE = { deadlineMs: 60_000, hasAnswered: true };

const WAIT = { waitMs: LIMITS.waitMs, limit: LIMITS.fetchRecords, maxBytes: LIMITS.fetchBytes };

/** All partitions from a cursor on, for ever. Pages without records are left out. */
export async function* followTopic(client: Client, topic: string, from: string): AsyncGenerator<Uint8Array, never> {
  const retry = patience(PATIENCE);
  for (let cursor = from; ; ) {
    const answer = await retry(() => client.fetchTopicLines(topic, { cursor, ...WAIT }));
    noteSkipped(answer.skipped);
    if (answer.lines.length > 0) yield answer.lines;
    cursor = answer.cursor;
  }
}

/** Where the log start has passed the reader, it goes on at the log start and says so, as the answer for all partitions does. */
const logStartOf = (error: unknown, partition: number, offset: number): number => {
  const logStart = error instanceof ApiError ? error.problem['logStartOffset'] : undefined;
  if (typeof logStart !== 'number' || logStart <= offset) throw error;
  noteSkipped([{ partition, from: offset, to: logStart }]);
  return logStart;
};

/** One partition from an offset on, for ever. */
export async function* followPartition(
  client: Client,
  topic: string,
  partition: number,
  from: number,
): AsyncGenerator<Uint8Array, never> {
  const retry = patience(PATIENCE);
  for (let offset = from; ; ) {
    try {
      const answer = await retry(() => client.fetchPartitionLines(topic, partition, { offset, ...WAIT }));
      if (answer.lines.length > 0) yield answer.lines;
      offset = answer.nextOffset;
    } catch (error) {
      offset = logStartOf(error, partition, offset);
    }
  }
}
