import type { GroupName, MemberName, TopicName } from '../../shared/contract/ids.ts';
import { type CommittedOffset, commitOffsets } from '../../shared/groups/commit.ts';
import { type DescribedGroup, describeGroup } from '../../shared/groups/describe.ts';
import { heartbeat } from '../../shared/groups/heartbeat.ts';
import { leaveGroup } from '../../shared/groups/leave.ts';
import { type PollCall, type Polled, pollGroup } from '../../shared/groups/poll.ts';
import { type SeekCall, type Sought, seekGroup } from '../../shared/groups/seek.ts';
import type { Ports } from '../../shared/ports/ports.ts';
import { ACME } from './index-fixtures.ts';
import { collectRecords, createLogUnderTest, type LogUnderTest, recordOf } from './log-under-test.ts';

export const BILLING = 'billing' as GroupName;
export const ORDERS = 'orders' as TopicName;
export const SESSION_MS = 30_000;

export interface Given extends Polled {
  /** `partition:offset`, in the order in which they were given. */
  readonly records: readonly string[];
}

type PollFields = Partial<Omit<PollCall, 'tenant' | 'group' | 'member'>>;

/** A consumer over the domain: remembers its last answer, and what to commit of it. */
export class Consumer {
  readonly name: MemberName;
  last: Given | undefined;
  /** `topic/partition` to the next offset. */
  readonly received = new Map<string, CommittedOffset>();
  readonly #log: LogUnderTest;

  constructor(log: LogUnderTest, name: string) {
    this.#log = log;
    this.name = name as MemberName;
  }

  /** A poll whose answer arrives, going on behind the one before. */
  async poll(fields: PollFields = {}): Promise<Given> {
    const given = await this.ask({ ...(this.last === undefined ? {} : { cursor: this.last.cursor }), ...fields });
    this.take(given);
    return given;
  }

  /** A poll whose answer the caller may drop. */
  async ask(fields: PollFields = {}): Promise<Given> {
    const { ports, cache } = this.#log;
    const collected = collectRecords();
    const sink = {
      enter: () => undefined,
      add: (...args: Parameters<typeof collected.add>) => collected.add(...args),
      undo: () => collected.undo(),
      get bytes() {
        return collected.bytes;
      },
    };
    const call: PollCall = {
      tenant: ACME,
      group: BILLING,
      member: this.name,
      topics: [ORDERS],
      isVisible: () => true,
      bounds: { records: 500, bytes: 1_000_000 },
      waitMs: 0,
      autoCommit: false,
      sessionTimeoutMs: SESSION_MS,
      from: 'earliest',
      ...fields,
    };
    const polled = await pollGroup({ ...ports, cache }, call, sink);
    return { ...polled, records: collected.records.map(({ partition, offset }) => `${partition}:${offset}`) };
  }

  take(given: Given): void {
    this.last = given;
    for (const record of given.records) {
      const [partition = 0, offset = 0] = record.split(':').map(Number);
      this.received.set(`${partition}`, { topic: ORDERS, partition, offset: offset + 1 });
    }
  }

  /** Everything received, unless said; forgets it. */
  async commit(offsets: readonly CommittedOffset[] = [...this.received.values()]): Promise<CommittedOffset[]> {
    const { ports, cache } = this.#log;
    const generation = this.last?.generation ?? 1;
    const call = { tenant: ACME, group: BILLING, member: this.name, generation, offsets, isVisible: () => true };
    const stands = await commitOffsets({ ...ports, cache }, call);
    this.received.clear();
    return stands;
  }

  heartbeat(): Promise<void> {
    const call = { tenant: ACME, group: BILLING, member: this.name, generation: this.last?.generation ?? 1 };
    return heartbeat(this.#log.ports, call, () => true);
  }

  leave(): Promise<void> {
    return leaveGroup(this.#log.ports, ACME, BILLING, this.name, () => true);
  }
}

export interface GroupUnderTest {
  readonly log: LogUnderTest;
  member(name: string): Consumer;
  /** One record of each value, into the partition. */
  fill(partition: number, count: number): Promise<void>;
  describe(): Promise<DescribedGroup>;
  seek(call: Partial<SeekCall>): Promise<Sought[]>;
}

/** A group on a log in memory, its time moved by hand. */
export const groupUnderTest = async (
  partitions: number,
  change?: (ports: Ports) => Partial<Ports>,
): Promise<GroupUnderTest> => {
  const log = await createLogUnderTest(partitions, {}, change);
  return {
    log,
    member: (name) => new Consumer(log, name),
    fill: async (partition, count) => {
      for (let at = 0; at < count; at += 1) await log.produce([recordOf(`${at}`, { partition, timestamp: 1000 + at })]);
    },
    describe: () => describeGroup(log.ports, ACME, BILLING, () => true),
    seek: (call) =>
      seekGroup(
        { ...log.ports, cache: log.cache },
        {
          tenant: ACME,
          group: BILLING,
          topic: ORDERS,
          to: { kind: 'earliest' },
          dryRun: false,
          isVisible: () => true,
          ...call,
        },
      ),
  };
};

/** The numbers of an assignment's partitions. */
export const partitionsOf = (places: readonly { readonly partition: number }[]): number[] =>
  places.map(({ partition }) => partition);
