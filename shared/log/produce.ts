import { type ChasquiError, invalidField } from '../contract/errors.ts';
import type { TenantId } from '../contract/ids.ts';
import type { RecordInput } from '../contract/record.ts';
import type { Topic } from '../contract/topic.ts';
import type { Replication } from '../ports/blob-store.ts';
import type { Ports } from '../ports/ports.ts';
import type { IdempotentAppend, PartOutcome } from './append.ts';
import { type Assignment, assignPartitions, type Placement } from './assign-partitions.ts';
import type { GroupCommit } from './group-commit.ts';

export type ProducePorts = Pick<Ports, 'clock'> & { readonly groupCommit: GroupCommit };

/** What became of one record. */
export type ProduceResult =
  | { readonly partition: number; readonly offset: number; readonly timestamp: number }
  | { readonly error: ChasquiError };

export interface ProduceCall {
  readonly tenant: TenantId;
  readonly topic: Topic;
  readonly records: readonly RecordInput[];
  readonly placement: Placement;
  /** Append only if this is the high watermark; all records are in one partition then. */
  readonly expectedOffset?: number | undefined;
  readonly idempotency?: IdempotentAppend | undefined;
}

/** Chooses the sticky partition and the time, once for a request. */
export const placeNow = ({ clock, groupCommit }: ProducePorts, topic: Topic): Placement => ({
  partitions: topic.partitions,
  stickyPartition: Math.floor(groupCommit.stickyFraction * topic.partitions),
  timestamp: clock.now(),
});

/**
 * Stores records and commits them, all or nothing within each partition; answers each record's place, in order.
 * @throws {ChasquiError} when nothing was stored, or when no part was: then its error.
 */
export async function produce(ports: ProducePorts, call: ProduceCall): Promise<ProduceResult[]> {
  const { tenant, topic, records, placement, expectedOffset, idempotency } = call;
  const assignment = assignPartitions(records, placement);
  if (expectedOffset !== undefined && assignment.parts.length > 1)
    throw invalidField('expectedOffset', 'needs all records in one partition');
  const replication = replicationOf(topic);
  const keepMs = topic.retentionMs < 0 ? undefined : topic.retentionMs;
  const { parts } = assignment;
  const request = { tenant, topicId: topic.id, parts, replication, keepMs, expectedOffset, idempotency };
  const outcomes = await ports.groupCommit.append(request, assignment.bytes);
  throwIfAllFailed(outcomes);
  return resultsOf(assignment, outcomes);
}

const replicationOf = ({ replicationFactor, writeQuorum }: Topic): Replication | undefined =>
  replicationFactor === 1 ? undefined : { copies: replicationFactor, quorum: writeQuorum };

/** Every record's place, from the outcome of its part. */
export function resultsOf(
  { parts, partOf, indexInPart }: Assignment,
  outcomes: readonly PartOutcome[],
): ProduceResult[] {
  const results = new Array<ProduceResult>(partOf.length);
  for (let index = 0; index < partOf.length; index++) {
    const at = indexInPart[index]!;
    const outcome = outcomes[partOf[index]!]!;
    const { partition, records } = parts[partOf[index]!]!;
    results[index] =
      outcome.kind === 'failed'
        ? { error: outcome.error }
        : { partition, offset: outcome.baseOffset + at, timestamp: records[at]!.timestamp };
  }
  return results;
}

/** The gravest error speaks for all: one after which something may have happened. */
function throwIfAllFailed(outcomes: readonly PartOutcome[]): void {
  let gravest: ChasquiError | undefined;
  for (const outcome of outcomes) {
    if (outcome.kind === 'stored') return;
    if (gravest === undefined || outcome.error.sideEffects === 'possible') gravest = outcome.error;
  }
  if (gravest !== undefined) throw gravest;
}
