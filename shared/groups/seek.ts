import { ChasquiError, noSuchPartition } from '../contract/errors.ts';
import type { GroupName, TenantId, TopicName } from '../contract/ids.ts';
import type { Topic } from '../contract/topic.ts';
import { findTopic } from '../log/find-topic.ts';
import { topicGone } from '../log/refusal.ts';
import { type Start, startOffset } from '../log/start-offset.ts';
import type { GroupState } from '../ports/group-store.ts';
import type { Head } from '../ports/offset-store.ts';
import { retryConditional } from '../tenancy/retry-conditional.ts';
import { type IsVisible, visibleState } from './describe.ts';
import { announceGroup, type GroupPorts, refOf } from './group-ports.ts';
import { sought } from './lease-changes.ts';
import { type GroupPartition, partitionsOf } from './partitions-of.ts';

export interface SeekCall {
  readonly tenant: TenantId;
  readonly group: GroupName;
  readonly topic: TopicName;
  /** All of them where none are named. */
  readonly partitions?: readonly number[] | undefined;
  readonly to: Exclude<Start, { kind: 'tail' }>;
  readonly dryRun: boolean;
  readonly isVisible: IsVisible;
}

export interface Sought {
  readonly topic: TopicName;
  readonly partition: number;
  readonly from: number | null;
  readonly to: number;
}

/**
 * Moves committed offsets, forward or back. Members that have the partitions are fenced from what they had received: their commits and
 * cursors are refused until they have polled once without a cursor.
 * @throws {ChasquiError} `group_not_found`, `topic_not_found`, `invalid_request`, `offset_out_of_range`
 */
export async function seekGroup(ports: GroupPorts, call: SeekCall): Promise<Sought[]> {
  const { tenant, group } = call;
  const state = await stateOf(ports, call);
  const topic = await findTopic(ports, tenant, call.topic);
  const targets = await targetsOf(ports, call, topic, state);
  if (call.dryRun) return targets;
  let left: readonly Sought[] = await write(ports, call, topic, state, targets);
  if (left.length > 0) {
    await retryConditional(async () => {
      left = await write(ports, call, topic, await stateOf(ports, call), left);
      return left.length === 0 || undefined;
    }, 'possible');
  }
  announceGroup(ports, tenant, group);
  return targets;
}

const stateOf = (ports: GroupPorts, { tenant, group, isVisible }: SeekCall): Promise<GroupState> =>
  visibleState(ports, tenant, group, isVisible);

/** All are checked before one is written. */
async function targetsOf(ports: GroupPorts, call: SeekCall, topic: Topic, state: GroupState): Promise<Sought[]> {
  const chosen = choose(call, topic, state);
  const heads = await ports.offsets.readHeads(
    call.tenant,
    chosen.map(({ ref }) => ref),
  );
  return Promise.all(
    chosen.map(async ({ ref, lease }, at) => {
      const to = await offsetOf(ports, call, ref, heads[at]);
      return { topic: topic.name, partition: ref.partition, from: lease.committedOffset, to };
    }),
  );
}

function choose({ partitions }: SeekCall, topic: Topic, { leases }: GroupState): GroupPartition[] {
  const known = partitionsOf([topic], leases);
  for (const [at, partition] of (partitions ?? []).entries()) {
    if (partition >= known.length) throw noSuchPartition(`partitions[${at}]`, known.length);
  }
  return partitions === undefined ? known : known.filter(({ ref }) => partitions.includes(ref.partition));
}

async function offsetOf(
  ports: GroupPorts,
  { tenant, topic, to }: SeekCall,
  ref: GroupPartition['ref'],
  head: Head | undefined,
): Promise<number> {
  if (head === undefined) throw topicGone();
  if (to.kind !== 'offset') return startOffset(ports, tenant, ref, head, to);
  const { logStartOffset, nextOffset: highWatermark } = head;
  if (to.offset >= logStartOffset && to.offset <= highWatermark) return to.offset;
  const { partition } = ref;
  const detail = `Partition ${partition} of ${topic} has no offset ${to.offset}: it goes from ${logStartOffset} to ${highWatermark}.`;
  throw new ChasquiError('offset_out_of_range', detail, { extra: { topic, partition, logStartOffset, highWatermark } });
}

/** Answers those that could not be written, because somebody else wrote them at this moment. */
async function write(
  ports: GroupPorts,
  { tenant, group }: SeekCall,
  topic: Topic,
  state: GroupState,
  targets: readonly Sought[],
): Promise<Sought[]> {
  const known = partitionsOf([topic], state.leases);
  const ref = refOf(group, state);
  const written = await Promise.all(
    targets.map(({ partition, to }) => {
      const lease = known[partition]?.lease;
      return lease !== undefined && ports.groups.writeLease(tenant, ref, sought(lease, to));
    }),
  );
  return targets.filter((_, at) => !written[at]);
}
