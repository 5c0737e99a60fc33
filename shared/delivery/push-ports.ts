import type { BatchCache } from '../log/batch-cache.ts';
import type { GroupCommit } from '../log/group-commit.ts';
import type { Log } from '../ports/log.ts';
import type { Ports } from '../ports/ports.ts';
import type { Vault } from '../ports/vault.ts';
import type { WebhookSender } from '../ports/webhook-sender.ts';
import type { ReadAhead } from './read-ahead.ts';

/** What push needs of the world. */
export interface PushPorts extends Pick<Ports, 'clock' | 'random' | 'offsets' | 'topics' | 'signal' | 'subscriptions'> {
  readonly webhooks: WebhookSender;
  readonly vault: Vault;
  readonly groupCommit: GroupCommit;
  readonly cache: BatchCache;
  readonly readAhead: ReadAhead;
  readonly log: Log;
}
