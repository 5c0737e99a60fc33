import type { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { createSqsWakeUps, type SqsWakeUpsOptions } from '../../../../shared/adapters/sqs/sqs-wake-ups.ts';
import { decodeWakeUp } from '../../../../shared/adapters/sqs/wake-up-message.ts';
import type { SubscriptionId } from '../../../../shared/contract/ids.ts';
import { LONGEST_WAKE_UP_MS, type WakeUp } from '../../../../shared/ports/wake-ups.ts';
import { tenantId } from '../../../support/memory-service.ts';

const NOW = 1_760_000_000_000;
const wakeUp = (inMs: number, id = 'push'): WakeUp => ({
  tenant: tenantId('acme'),
  subscription: id as SubscriptionId,
  at: NOW + inMs,
});

const open = (answer: () => object) => {
  const sent: SendMessageBatchCommand['input'][] = [];
  const errors: unknown[] = [];
  const client = {
    send: async (command: SendMessageBatchCommand) => {
      sent.push(command.input);
      return answer();
    },
  } as unknown as SqsWakeUpsOptions['client'];
  const wakeUps = createSqsWakeUps({
    client,
    queueUrl: 'https://queue.example.com/1/q',
    clock: { now: () => NOW },
    onError: (error) => errors.push(error),
  });
  return { wakeUps, sent, errors };
};

describe('wake-ups by SQS', () => {
  it('are held back until their time, rounded up, and as long as SQS can at most', async () => {
    const { wakeUps, sent } = open(() => ({}));
    await wakeUps.schedule(
      [-5000, 0, 1, 1000, 4999, LONGEST_WAKE_UP_MS, 10 * LONGEST_WAKE_UP_MS].map((ms) => wakeUp(ms)),
    );
    expect(sent[0]?.Entries?.map(({ DelaySeconds }) => DelaySeconds)).toEqual([0, 0, 1, 1, 5, 900, 900]);
    expect(decodeWakeUp(sent[0]!.Entries![0]!.MessageBody!)).toEqual({ tenant: 'acme', subscription: 'push' });
  });

  it('go out ten at a time, each under an id of its own', async () => {
    const { wakeUps, sent } = open(() => ({}));
    await wakeUps.schedule(Array.from({ length: 23 }, (_, n) => wakeUp(0, `push-${n}`)));
    expect(sent.map(({ Entries }) => Entries?.length)).toEqual([10, 10, 3]);
    expect(new Set(sent[0]?.Entries?.map(({ Id }) => Id)).size).toBe(10);
  });

  it('that fail are told of and stop nobody', async () => {
    const broken = open(() => {
      throw new Error('no queue');
    });
    await broken.wakeUps.schedule([wakeUp(0)]);
    expect(broken.errors).toEqual([new Error('no queue')]);
    const refused = open(() => ({ Failed: [{ Id: '0', Code: 'InternalError', Message: 'later' }] }));
    await refused.wakeUps.schedule([wakeUp(0)]);
    expect(refused.errors).toEqual([new Error('InternalError: later')]);
  });

  it.each(['', 'null', '{}', '[]', '{"tenant":"acme"}', '{"tenant":"a/b","subscription":"push"}'])(
    'are refused when a message is none of ours: %s',
    (text) => {
      expect(() => decodeWakeUp(text)).toThrow();
    },
  );
});
