import type { TenantId } from '../contract/ids.ts';
import { sideBySide } from '../lib/side-by-side.ts';
import type { GroupRef, Lease, Member } from '../ports/group-store.ts';
import type { Head } from '../ports/offset-store.ts';
import type { Attendance } from './admit.ts';
import { announceGroup, type GroupPorts } from './group-ports.ts';
import { kept, keyOf, released, revoked, taken } from './lease-changes.ts';
import type { GroupPartition } from './partitions-of.ts';
import { byPlace } from './place.ts';
import { planFor } from './share-out.ts';

/** A partition that the member has, and may read unless it is on its way to somebody else. */
export interface Holding {
  readonly lease: Lease;
  readonly head: Head;
  readonly revoking: boolean;
}

export interface Settled {
  readonly holdings: readonly Holding[];
  /** Something has to move that had not before: its owner should hear of it soon. */
  readonly hasNews: boolean;
  /** When to look again though nobody stirs: milliseconds since the epoch. At once where somebody else was quicker. */
  readonly lookAt: number;
}

export interface Settling {
  readonly tenant: TenantId;
  readonly attendance: Attendance;
  /** What the member has received of a lease's partition, by its cursor: the next offset; undefined: nothing. */
  readonly received: (lease: Lease) => number | undefined;
  /** What of that is to be committed: the next offset; undefined: nothing. */
  readonly toCommit: (lease: Lease) => number | undefined;
  readonly from: 'earliest' | 'latest';
}

const AT_ONCE = 16;

/*
 * What a member does about the partitions of its group, at each poll:
 *  1. It keeps what is its own and stays, and takes what is free and its share.
 *  2. What has to move it gives back as soon as all that it received is committed. Until then it keeps it without new records; when it
 *     first hears of it, it notes what it had received, so that the commit itself can give the partition back, and by when it must.
 *  3. What is to be committed goes with whatever else is written of the lease.
 *  4. What no topic has any more it forgets.
 */
export async function settle(ports: GroupPorts, settling: Settling): Promise<Settled> {
  const { tenant, attendance } = settling;
  const plan = await planFor(ports, tenant, attendance);
  const all = [...plan.keep, ...plan.letGo, ...plan.orphans, ...plan.take.map(({ lease }) => lease)];
  const heads = new Map<string, Head | undefined>();
  const found = all.length === 0 ? [] : await ports.offsets.readHeads(tenant, all);
  for (const [at, lease] of all.entries()) heads.set(keyOf(lease), found[at]);
  const settler = new Settler(ports, settling, heads);
  await sideBySide(plan.keep, AT_ONCE, (lease) => settler.keep(lease));
  await sideBySide(plan.letGo, AT_ONCE, (lease) => settler.letGo(lease));
  await sideBySide(plan.orphans, AT_ONCE, (lease) => settler.bury(lease));
  await sideBySide(plan.take, AT_ONCE, (partition) => settler.take(partition));
  return settler.settled(plan.isStale ? 0 : plan.changesAt);
}

class Settler {
  readonly #ports: GroupPorts;
  readonly #settling: Settling;
  readonly #heads: ReadonlyMap<string, Head | undefined>;
  readonly #holdings: Holding[] = [];
  #hasNews = false;
  #gaveBack = false;
  #wasLate = false;

  constructor(ports: GroupPorts, settling: Settling, heads: ReadonlyMap<string, Head | undefined>) {
    this.#ports = ports;
    this.#settling = settling;
    this.#heads = heads;
  }

  settled(lookAt: number): Settled {
    const { tenant } = this.#settling;
    if (this.#gaveBack) announceGroup(this.#ports, tenant, this.#group.name);
    const holdings = this.#holdings.sort((a, b) => byPlace(a.lease, b.lease));
    return { holdings, hasNews: this.#hasNews, lookAt: this.#wasLate ? 0 : lookAt };
  }

  get #group(): GroupRef {
    return this.#settling.attendance.group;
  }

  get #me(): Member {
    return this.#settling.attendance.me;
  }

  async keep(lease: Lease): Promise<void> {
    const head = this.#heads.get(keyOf(lease));
    if (head === undefined) return this.#forget(lease);
    const committed = this.#committed(lease, head);
    const isAsItShouldBe = lease.revocation === null && !lease.fenced && committed === lease.committedOffset;
    const next = isAsItShouldBe ? lease : kept(lease, committed);
    if (next === lease || (await this.#write(next))) this.#hold(next, head, false);
  }

  async letGo(lease: Lease): Promise<void> {
    const head = this.#heads.get(keyOf(lease));
    if (head === undefined) return this.#forget(lease);
    const now = this.#ports.clock.now();
    const received = this.#settling.received(lease);
    const committed = this.#committed(lease, head);
    const isDone = received === undefined || received <= (committed ?? head.logStartOffset);
    if (isDone || (lease.revocation !== null && now >= lease.revocation.deadline)) {
      this.#gaveBack = (await this.#write(released(lease, committed))) || this.#gaveBack;
    } else if (lease.revocation !== null) {
      this.#hold(lease, head, true);
    } else {
      const next = revoked(lease, { receivedOffset: received, deadline: now + this.#me.sessionTimeoutMs });
      if (!(await this.#write(next))) return;
      this.#hasNews = true;
      this.#hold(next, head, true);
    }
  }

  /** What is nobody's stays for whoever subscribes again, unless its topic is gone. */
  async bury(lease: Lease): Promise<void> {
    if (this.#heads.get(keyOf(lease)) === undefined) await this.#forget(lease);
  }

  /** Somebody else may have been quicker, which is no harm. */
  async take({ lease }: GroupPartition): Promise<void> {
    const head = this.#heads.get(keyOf(lease));
    if (head === undefined) return;
    const start = this.#settling.from === 'latest' ? head.nextOffset : null;
    const next = taken(lease, this.#me, start);
    if (await this.#write(next)) this.#hold(next, head, false);
  }

  /** As it will stand. What is ahead of the log is no offset of it: the poll refuses it later. */
  #committed(lease: Lease, { nextOffset }: Head): number | null {
    const wanted = this.#settling.toCommit(lease) ?? 0;
    return wanted > (lease.committedOffset ?? 0) && wanted <= nextOffset ? wanted : lease.committedOffset;
  }

  #hold(lease: Lease, head: Head, revoking: boolean): void {
    this.#holdings.push({ lease, head, revoking });
  }

  async #write(next: Lease): Promise<boolean> {
    const isWritten = await this.#ports.groups.writeLease(this.#settling.tenant, this.#group, next);
    this.#wasLate ||= !isWritten;
    return isWritten;
  }

  /** Partitions exist before their topic's name and are dropped after it: where there is no head, the topic was deleted. */
  async #forget(lease: Lease): Promise<void> {
    await this.#ports.groups.removeLease(this.#settling.tenant, this.#group, lease);
  }
}
