import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, type SQSClient } from '@aws-sdk/client-sqs';
import type { Clock } from '../../ports/clock.ts';
import { LONGEST_WAKE_UP_MS, type WakeUp, type WakeUps } from '../../ports/wake-ups.ts';
import { encodeWakeUp } from './wake-up-message.ts';

export interface SqsWakeUpsOptions {
  readonly client: Pick<SQSClient, 'send'>;
  readonly queueUrl: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly onError: (error: unknown) => void;
}

/** Of SQS: messages in one request. */
const BATCH = 10;

/** Rounded up: a message that came early would find that there is nothing to do yet. */
const delaySeconds = (at: number, now: number): number =>
  Math.ceil(Math.min(Math.max(at - now, 0), LONGEST_WAKE_UP_MS) / 1000);

const entryOf = (wakeUp: WakeUp, at: number, now: number): SendMessageBatchRequestEntry => ({
  Id: String(at),
  MessageBody: encodeWakeUp(wakeUp),
  DelaySeconds: delaySeconds(wakeUp.at, now),
});

/** Messages that a queue holds back until their time has come. */
export const createSqsWakeUps = ({ client, queueUrl, clock, onError }: SqsWakeUpsOptions): WakeUps => {
  const send = async (wakeUps: readonly WakeUp[]): Promise<void> => {
    const now = clock.now();
    const Entries = wakeUps.map((wakeUp, at) => entryOf(wakeUp, at, now));
    try {
      const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
      for (const { Code, Message } of Failed) onError(new Error(`${Code}: ${Message}`));
    } catch (error) {
      onError(error);
    }
  };
  return {
    schedule: async (wakeUps) => {
      for (let at = 0; at < wakeUps.length; at += BATCH) await send(wakeUps.slice(at, at + BATCH));
    },
  };
};
