import { topicIn } from '../adapters/dynamodb/keys.ts';
import { decodeWakeUp } from '../adapters/sqs/wake-up-message.ts';
import { type SweepPorts, sweep } from '../delivery/sweep.ts';
import { deliver, deliverTopics, type TopicRef, type WorkerPorts } from '../delivery/worker.ts';
import type { Remains } from '../ports/remains.ts';
import type { TenantSubscription } from '../ports/subscription-store.ts';

/** A commit, from the stream of the table. */
interface CommitRecord {
  readonly eventSource: 'aws:dynamodb';
  readonly dynamodb: { readonly Keys: { readonly pk: { readonly S: string } } };
}

/** A message whose time has come. */
interface QueueRecord {
  readonly eventSource: 'aws:sqs';
  readonly messageId: string;
  readonly body: string;
}

/** What woke the function; without records it was the clock. */
export interface WorkEvent {
  readonly Records?: readonly (CommitRecord | QueueRecord)[];
}

/** Messages that have to come again; the others are done. */
export interface WorkResult {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

export interface ClockPorts extends SweepPorts {
  readonly remains: Remains;
}

/** For what comes behind the work: progress is stored, leases are given free. */
const MARGIN_MS = 4000;

const isCommit = (record: CommitRecord | QueueRecord): record is CommitRecord => record.eventSource === 'aws:dynamodb';
const isMessage = (record: CommitRecord | QueueRecord): record is QueueRecord => record.eventSource === 'aws:sqs';

const workForMessages = async (
  ports: WorkerPorts,
  messages: readonly QueueRecord[],
  until: number,
): Promise<WorkResult> => {
  const found = new Map<string, TenantSubscription>();
  const failed: string[] = [];
  const look = async ({ messageId, body }: QueueRecord): Promise<void> => {
    try {
      const { tenant, subscription: id } = decodeWakeUp(body);
      const subscription = await ports.subscriptions.get(tenant, id);
      if (subscription !== undefined) found.set(`${tenant}/${id}`, { tenant, subscription });
    } catch (error) {
      failed.push(messageId);
      ports.log.write('error', 'wake-up not understood', { error });
    }
  };
  await Promise.all(messages.map(look));
  await deliver(ports, [...found.values()], { until, waitsForOthers: false });
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
};

/** One topic once, however many commits it has had. */
const topicsOf = (commits: readonly CommitRecord[]): TopicRef[] => {
  const keys = new Set(commits.map(({ dynamodb }) => dynamodb.Keys.pk.S));
  const topics = [...keys].map(topicIn).filter((topic) => topic !== undefined);
  return [...new Map(topics.map((topic) => [topic.topicId, topic])).values()];
};

/** What a function that was woken does: for those that a message names, for the topics of commits, or, by the clock, for everybody. */
export const workFor = async (
  ports: ClockPorts,
  { Records = [] }: WorkEvent,
  remainingMs: number,
): Promise<WorkResult | undefined> => {
  const until = ports.clock.now() + remainingMs - MARGIN_MS;
  const messages = Records.filter(isMessage);
  if (messages.length > 0) return workForMessages(ports, messages, until);
  const commits = Records.filter(isCommit);
  if (commits.length > 0) await deliverTopics(ports, topicsOf(commits), { until, waitsForOthers: true });
  else {
    await sweep(ports, until);
    await ports.remains.clear();
  }
  return undefined;
};
