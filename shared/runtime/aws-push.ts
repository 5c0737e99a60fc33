import { createHash } from 'node:crypto';
import { createDynamoProgress } from '../adapters/dynamodb/dynamo-progress.ts';
import { createDynamoRemains } from '../adapters/dynamodb/remains.ts';
import { createAesVault } from '../adapters/secrets/aes-vault.ts';
import { createWebhookSender } from '../adapters/webhook/webhook-sender.ts';
import { watchedSubscriptionStore } from '../adapters/wrap/watched-subscription-store.ts';
import type { PushPorts } from '../delivery/push-ports.ts';
import { ReadAhead } from '../delivery/read-ahead.ts';
import type { Log } from '../ports/log.ts';
import type { SubscriptionStore } from '../ports/subscription-store.ts';
import type { WakeUps } from '../ports/wake-ups.ts';
import { type Aws, openAws, type Stoppable } from './aws.ts';
import { awsBlobs } from './aws-blobs.ts';
import { type AwsConfig, readAwsConfig } from './aws-config.ts';
import type { ClockPorts } from './aws-work.ts';
import { StartError } from './start-error.ts';
import { systemClock } from './system-clock.ts';
import { systemRandom } from './system-random.ts';

/** Of records that wait for endpoints. */
const READ_AHEAD_BYTES = 128 * 1024 * 1024;

/** The vault's key is the hash of the secret's text, whatever its length. */
const vaultKey = async ({ vaultSecret }: AwsConfig, readSecret: Aws<Stoppable>['readSecret']): Promise<Uint8Array> => {
  if (vaultSecret === '') throw new StartError('The secret for the vault is not set.');
  return createHash('sha256')
    .update(await readSecret(vaultSecret))
    .digest();
};

/** The client of SQS is loaded when the first call goes out: most runs find nothing that has to be tried later. */
const wakeUpsOf = ({ wakeUpQueue }: AwsConfig, log: Log): WakeUps => {
  if (wakeUpQueue === '') throw new StartError('The queue for wake-ups is not set.');
  const onError = (error: unknown): void => log.write('warn', 'wake-up not sent', { error });
  const load = async (): Promise<WakeUps> =>
    (await import('../adapters/sqs/open-sqs-wake-ups.ts')).openSqsWakeUps({
      queueUrl: wakeUpQueue,
      clock: systemClock,
      onError,
    });
  let opened: Promise<WakeUps> | undefined;
  return {
    schedule: async (wakeUps) => {
      if (wakeUps.length === 0) return;
      opened ??= load();
      await (await opened).schedule(wakeUps);
    },
  };
};

/** Whoever makes, resumes or changes a subscription does not wait for the next commit to see it work. */
const callsForChanged = (inner: SubscriptionStore, wakeUps: WakeUps): SubscriptionStore =>
  watchedSubscriptionStore(inner, async (tenant, id, next) => {
    if (next?.status === 'active') await wakeUps.schedule([{ tenant, subscription: id, at: systemClock.now() }]);
  });

/** Requests about subscriptions, and the work on them. */
export interface AwsPush<Drain extends Stoppable> {
  readonly service: Aws<Drain> & PushPorts;
  readonly worker: ClockPorts;
}

/** The AWS world with what push needs. @throws {StartError} */
export const openAwsPush = async <Drain extends Stoppable>(drain: Drain): Promise<AwsPush<Drain>> => {
  const config = readAwsConfig();
  const base = await openAws({ functionName: 'deliver', drain, blobs: awsBlobs, remembersTopics: false });
  const { clock, random, offsets, topics, signal, subscriptions, groupCommit, cache, log } = base;
  const wakeUps = wakeUpsOf(config, log);
  const push = {
    readAhead: new ReadAhead(READ_AHEAD_BYTES),
    webhooks: createWebhookSender({ allowPrivate: config.allowPrivateEndpoints }),
    vault: createAesVault(await vaultKey(config, base.readSecret), systemRandom),
  };
  const clockwork = { progress: createDynamoProgress(base.table, 'sweep'), remains: createDynamoRemains(base.table) };
  const stores = { offsets, topics, signal, subscriptions, groupCommit, cache };
  const worker = { clock, random, log, wakeUps, ...stores, ...clockwork, ...push };
  // Assigned, not spread: the operator's key is read when it is asked for.
  const service = Object.assign(base, push, { subscriptions: callsForChanged(subscriptions, wakeUps) });
  return { service, worker };
};
