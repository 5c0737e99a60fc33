import { createHash } from 'node:crypto';
import { createDynamoClient } from '../adapters/dynamodb/client.ts';
import { createAesVault } from '../adapters/secrets/aes-vault.ts';
import { readSecret } from '../adapters/secrets/read-secret.ts';
import { createWebhookSender } from '../adapters/webhook/webhook-sender.ts';
import type { PushPorts } from '../delivery/push-ports.ts';
import { deliverUntil } from '../delivery/worker.ts';
import { type Aws, openAws, type Stoppable } from './aws.ts';
import { awsBlobs } from './aws-blobs.ts';
import { type AwsConfig, readAwsConfig } from './aws-config.ts';
import { StartError } from './start-error.ts';
import { systemRandom } from './system-random.ts';

/** For what comes behind the work: progress is stored, leases are given free. */
const MARGIN_MS = 4000;

/** The vault's key is the hash of the secret's text, whatever its length. */
const vaultKey = async ({ vaultSecret, endpoint }: AwsConfig): Promise<Uint8Array> => {
  if (vaultSecret === '') throw new StartError('The secret for the vault is not set.');
  const { config } = createDynamoClient();
  const [region, credentials] = await Promise.all([config.region(), config.credentials()]);
  const text = await readSecret(vaultSecret, { region, credentials, endpoint, now: Date.now() });
  return createHash('sha256').update(text).digest();
};

/** The AWS world with what push needs. @throws {StartError} */
export const openAwsPush = async <Drain extends Stoppable>(drain: Drain): Promise<Aws<Drain> & PushPorts> => {
  const service = await openAws({ functionName: 'deliver', drain, blobs: awsBlobs, remembersTopics: false });
  const config = readAwsConfig();
  // Assigned, not spread: the operator's key is read when it is asked for.
  return Object.assign(service, {
    webhooks: createWebhookSender({ allowPrivate: config.allowPrivateEndpoints }),
    vault: createAesVault(await vaultKey(config), systemRandom),
  });
};

/** What a function that was woken does: by commits, by the clock. Whatever woke it, it looks for all there is to do. */
export const workFor = (service: PushPorts, remainingMs: number): Promise<void> =>
  deliverUntil(service, service.clock.now() + remainingMs - MARGIN_MS);
