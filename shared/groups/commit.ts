import { ChasquiError, invalidField, noSuchPartition } from '../contract/errors.ts';
import type { GroupName, MemberName, TenantId, TopicName } from '../contract/ids.ts';
import type { Topic } from '../contract/topic.ts';
import { sideBySide } from '../lib/side-by-side.ts';
import { topicGone } from '../log/refusal.ts';
import type { GroupState, Lease, Member } from '../ports/group-store.ts';
import type { Head } from '../ports/offset-store.ts';
import { retryConditional } from '../tenancy/retry-conditional.ts';
import { type IsVisible, visibleState } from './describe.ts';
import { fenced, memberOf } from './fenced.ts';
import { announceGroup, type GroupPorts, refOf } from './group-ports.ts';
import { committed, isOwnedBy, keyOf, released } from './lease-changes.ts';
import { findTopics } from './partitions-of.ts';
import { livingOf, targetOf } from './share-out.ts';

export interface CommittedOffset {
  readonly topic: TopicName;
  readonly partition: number;
  /** The next to read, as in Kafka. */
  readonly offset: number;
}

export interface CommitCall {
  readonly tenant: TenantId;
  readonly group: GroupName;
  readonly member: MemberName;
  readonly generation: number;
  readonly offsets: readonly CommittedOffset[];
  readonly isVisible: IsVisible;
}

const AT_ONCE = 16;

/**
 * Commits offsets of partitions that the member has: one write each, forward only. A partition that has to move is given back by the
 * same write when with it all that its owner received is committed. Answers the offsets as they then stand.
 * @throws {ChasquiError} `group_not_found`, `member_not_found`, `topic_not_found`, `invalid_request`, `offset_out_of_range`, `fenced`
 */
export async function commitOffsets(ports: GroupPorts, call: CommitCall): Promise<CommittedOffset[]> {
  refuseTwice(call.offsets);
  const topicNames = call.offsets.map(({ topic }) => topic);
  const stands = [...call.offsets];
  // What was written and given back by an attempt is no longer the member's: only the rest is tried again.
  let left: readonly Asked[] = call.offsets.map((asked, at) => ({ ...asked, at }));
  return retryConditional(async () => {
    const state = await visibleState(ports, call.tenant, call.group, call.isVisible);
    const me = memberOf(state, call.member, call.generation, call.isVisible);
    const topics = await findTopics(ports, call.tenant, topicNames);
    const wanted = left.map((asked) => ({ ...asked, lease: leaseOf(state, me, topics, asked) }));
    left = await new Committer(ports, call, state, me).commit(wanted, stands);
    return left.length === 0 ? stands : undefined;
  }, 'possible');
}

/** With its place in the request. */
type Asked = CommittedOffset & { readonly at: number };

function refuseTwice(offsets: readonly CommittedOffset[]): void {
  const seen = new Set<string>();
  for (const [at, { topic, partition }] of offsets.entries()) {
    const key = `${topic}/${partition}`;
    if (seen.has(key)) throw invalidField(`offsets[${at}]`, 'names a partition that stands there already');
    seen.add(key);
  }
}

function leaseOf(
  state: GroupState,
  me: Member,
  topics: readonly Topic[],
  { topic: name, partition, at }: Asked,
): Lease {
  const topic = topics.find((known) => known.name === name);
  if (topic === undefined) throw topicGone();
  const lease = state.leases.find((known) => known.topicId === topic.id && known.partition === partition);
  if (lease === undefined && partition >= topic.partitions)
    throw noSuchPartition(`offsets[${at}].partition`, topic.partitions);
  if (lease === undefined || !isOwnedBy(lease, me))
    throw fenced(state, me.name, `Partition ${partition} of ${name} is not of this member.`);
  if (lease.fenced) throw fenced(state, me.name, 'The group was moved to other offsets; poll once without a cursor.');
  return lease;
}

type Wanted = Asked & { readonly lease: Lease };

class Committer {
  readonly #ports: GroupPorts;
  readonly #call: CommitCall;
  readonly #state: GroupState;
  readonly #me: Member;

  constructor(ports: GroupPorts, call: CommitCall, state: GroupState, me: Member) {
    this.#ports = ports;
    this.#call = call;
    this.#state = state;
    this.#me = me;
  }

  /** Notes in `stands` what was committed. Answers those that could not be, because somebody wrote them meanwhile. */
  async commit(wanted: readonly Wanted[], stands: CommittedOffset[]): Promise<Wanted[]> {
    const { tenant, group } = this.#call;
    const leases = wanted.map(({ lease }) => lease);
    const heads = leases.length === 0 ? [] : await this.#ports.offsets.readHeads(tenant, leases);
    for (const [at, asked] of wanted.entries()) refuseBeyond(asked, heads[at]);
    const leaving = await this.#leaving();
    const ref = refOf(group, this.#state);
    const failed: Wanted[] = [];
    let gaveBack = false;
    await sideBySide(wanted.entries(), AT_ONCE, async ([nth, asked]) => {
      const { lease, topic, partition, at } = asked;
      const offset = Math.max(asked.offset, lease.committedOffset ?? 0);
      stands[at] = { topic, partition, offset };
      const gives = leaving.has(keyOf(lease)) && isAll(lease, asked.offset, heads[nth], this.#ports.clock.now());
      if (!gives && offset === lease.committedOffset) return;
      const next = gives ? released(lease, offset) : committed(lease, offset);
      if (!(await this.#ports.groups.writeLease(tenant, ref, next))) failed.push(asked);
      else gaveBack ||= gives;
    });
    if (gaveBack) announceGroup(this.#ports, tenant, group);
    return failed;
  }

  /** The keys of the member's partitions that somebody else should have. */
  async #leaving(): Promise<Set<string>> {
    const { tenant } = this.#call;
    const members = livingOf(this.#state, this.#ports.clock.now());
    if (!members.includes(this.#me)) members.push(this.#me);
    const mine = this.#state.leases.filter((lease) => isOwnedBy(lease, this.#me));
    if (members.length === 1 && mine.every(({ revocation }) => revocation === null)) return new Set();
    const { target } = await targetOf(this.#ports, tenant, this.#state, members);
    return new Set(mine.map(keyOf).filter((key) => target.get(key) !== this.#me.name));
  }
}

/** With this offset all is committed that the owner can have received. */
function isAll({ revocation }: Lease, offset: number, head: Head | undefined, now: number): boolean {
  if (head !== undefined && offset >= head.nextOffset) return true;
  return revocation !== null && (offset >= revocation.receivedOffset || now >= revocation.deadline);
}

function refuseBeyond({ topic, partition, offset }: Wanted, head: Head | undefined): void {
  if (head === undefined) throw topicGone();
  if (offset <= head.nextOffset) return;
  const { logStartOffset, nextOffset: highWatermark } = head;
  throw new ChasquiError('offset_out_of_range', `Offset ${offset} is beyond the high watermark ${highWatermark}.`, {
    extra: { topic, partition, logStartOffset, highWatermark },
  });
}
