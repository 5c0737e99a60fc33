import { ChasquiError } from '../contract/errors.ts';
import type { GroupName, MemberName, TenantId, TopicName } from '../contract/ids.ts';
import { LIMITS } from '../contract/limits.ts';
import type { GroupRef, GroupState, Member } from '../ports/group-store.ts';
import type { Ports } from '../ports/ports.ts';
import { retryConditional } from '../tenancy/retry-conditional.ts';
import { fenced } from './fenced.ts';
import { announceGroup, refOf } from './group-ports.ts';

export interface Applicant {
  readonly tenant: TenantId;
  readonly group: GroupName;
  readonly member: MemberName;
  readonly topics: readonly TopicName[];
  /** Whether who applies may know of a topic. */
  readonly isVisible: (topic: TopicName) => boolean;
  /** Absent: as it was, or the default for who joins. */
  readonly sessionTimeoutMs?: number | undefined;
}

export interface Attendance {
  readonly group: GroupRef;
  readonly me: Member;
  /** As it was read, with this member in it. */
  readonly state: GroupState;
  /** It was not in the group before. */
  readonly hasJoined: boolean;
}

type AdmitPorts = Pick<Ports, 'groups' | 'clock' | 'signal'>;

/** A heartbeat is written when this part of the session has passed. */
const HEARTBEAT_PART = 3;

/** How much of its session is left to a member when its next heartbeat is due. */
const leftWhenDue = ({ sessionTimeoutMs }: Member): number => sessionTimeoutMs - sessionTimeoutMs / HEARTBEAT_PART;

export const needsHeartbeat = (member: Member, now: number): boolean => now >= member.expiresAt - leftWhenDue(member);

/**
 * The member as it lives now: unchanged where its last heartbeat is recent, renewed where it is not, joined where it was not there or
 * was declared dead. Past its expiry it is written before anything is read.
 * @throws {ChasquiError} `forbidden` where a member of this name reads what who applies may not know of: it is somebody else's.
 */
export async function admit(ports: AdmitPorts, applicant: Applicant): Promise<Attendance> {
  const { tenant, group } = applicant;
  return retryConditional(async () => {
    const state = await ports.groups.read(tenant, group);
    const seen = state?.members.find(({ name }) => name === applicant.member);
    if (seen?.topics.every(applicant.isVisible) === false) throw notYours();
    return state === undefined || seen === undefined
      ? join(ports, applicant, state)
      : renew(ports, applicant, state, seen, ports.clock.now());
  });
}

/** A call that was under way for some time. */
export interface Waiting extends Applicant {
  /** For how long it may wait, from `calledAt` on. */
  readonly waitMs: number;
  /** Milliseconds since the epoch. */
  readonly calledAt: number;
}

/**
 * The same for a poll that waits: it stays what it was, or ends. Who has left while it waited must not come back by it.
 * @throws {ChasquiError} `fenced`
 */
export async function stay(ports: AdmitPorts, waiting: Waiting, me: Member): Promise<Attendance> {
  const { tenant, group } = waiting;
  return retryConditional(async () => {
    const state = await ports.groups.read(tenant, group);
    if (state === undefined) throw deletedMeanwhile(me);
    const seen = state.members.find(({ name }) => name === me.name);
    if (seen?.generation !== me.generation)
      throw fenced(state, me.name, 'The member has left, or was declared dead, while it waited.');
    return renew(ports, waiting, state, seen, lastSignOf(waiting, seen, ports.clock.now()));
  });
}

/**
 * The client may have died since it called, which nobody behind a gateway is told. A heartbeat counts from its call where the wait is short
 * enough to leave it two thirds of the session all the same; so whoever takes over waits no longer than if the client had not waited.
 */
const lastSignOf = ({ waitMs, calledAt }: Waiting, { sessionTimeoutMs }: Member, now: number): number =>
  waitMs < sessionTimeoutMs / HEARTBEAT_PART ? calledAt : now;

/**
 * Whoever polled for this member has hung up, and may be dead. It keeps what any member has left that falls silent when its heartbeat was
 * just due, so that the others need not wait for a whole session; if it lives, its next poll renews it.
 */
export async function hangUp(ports: AdmitPorts, tenant: TenantId, { group, me }: Attendance): Promise<void> {
  const state = await ports.groups.read(tenant, group.name);
  const seen = state?.members.find(({ name, generation }) => name === me.name && generation === me.generation);
  if (state?.incarnation !== group.incarnation || seen === undefined) return;
  const expiresAt = ports.clock.now() + leftWhenDue(seen);
  if (expiresAt < seen.expiresAt) await ports.groups.renewMember(tenant, group, { ...seen, expiresAt });
}

const notYours = (): ChasquiError =>
  new ChasquiError('forbidden', 'The key does not open every topic of the member that has this name.');

/** Told as what its next poll will find: it joins a group that is made anew. */
const deletedMeanwhile = ({ generation }: Member): ChasquiError =>
  new ChasquiError('fenced', 'The group was deleted while it waited.', { extra: { generation, assignment: [] } });

async function renew(
  ports: AdmitPorts,
  applicant: Applicant,
  state: GroupState,
  seen: Member,
  /** Milliseconds since the epoch. */
  lastSignAt: number,
): Promise<Attendance | undefined> {
  const { tenant, group, topics, sessionTimeoutMs = seen.sessionTimeoutMs } = applicant;
  const ref = refOf(group, state);
  const subscribes = sameTopics(seen.topics, topics);
  const isAsCalled = subscribes && seen.sessionTimeoutMs === sessionTimeoutMs;
  if (isAsCalled && !needsHeartbeat(seen, ports.clock.now())) return { group: ref, me: seen, state, hasJoined: false };
  const me = { ...seen, topics, sessionTimeoutMs, expiresAt: lastSignAt + sessionTimeoutMs };
  if (!(await ports.groups.renewMember(tenant, ref, me))) return undefined;
  if (!subscribes) announceGroup(ports, tenant, group);
  return { group: ref, me, state: withMember(state, me), hasJoined: false };
}

async function join(
  ports: AdmitPorts,
  { tenant, group, member, topics, sessionTimeoutMs = LIMITS.sessionTimeoutDefaultMs }: Applicant,
  state: GroupState | undefined,
): Promise<Attendance | undefined> {
  const now = ports.clock.now();
  const joining = await ports.groups.drawGeneration(tenant, group, now);
  const { incarnation, generation } = joining;
  const ref = refOf(group, joining);
  const me = { name: member, generation, topics, sessionTimeoutMs, expiresAt: now + sessionTimeoutMs };
  if (!(await ports.groups.addMember(tenant, ref, me))) return undefined;
  announceGroup(ports, tenant, group);
  const known = state?.incarnation === incarnation ? state : { incarnation, generation, members: [], leases: [] };
  return { group: ref, me, state: { ...withMember(known, me), generation }, hasJoined: true };
}

const sameTopics = (a: readonly TopicName[], b: readonly TopicName[]): boolean =>
  a.length === b.length && a.every((topic) => b.includes(topic));

const withMember = (state: GroupState, me: Member): GroupState => ({
  ...state,
  members: [...state.members.filter(({ name }) => name !== me.name), me],
});
