import { ChasquiError, invalidField } from '../contract/errors.ts';
import type { TenantId } from '../contract/ids.ts';
import type { Ports } from '../ports/ports.ts';
import { tenantGone } from './keys.ts';
import { onceBegun } from './once-begun.ts';
import { getTenant } from './tenants.ts';
import { deleteTopic } from './topics.ts';

type DeletePorts = Pick<Ports, 'tenants' | 'keys' | 'topics' | 'offsets' | 'groups' | 'subscriptions'>;

export interface TenantDeletion {
  readonly id: TenantId;
  /** Has to be the id once more. */
  readonly confirm: string | undefined;
  /** Its topics too. */
  readonly cascade: boolean;
}

const BATCH = 100;

/*
 * Deleting a tenant:
 *  1. Refuse while it has topics, unless they are to go too.
 *  2. Its keys: from now on nobody can add anything, but for who is under way already.
 *  3. Its subscriptions, groups and topics, then the tenant itself. A crash before this leaves a tenant that can be deleted again.
 *  4. Once more all of these, for whoever was under way: a tenant made again must find none.
 */

/** @throws {ChasquiError} `invalid_request` without the confirmation, `tenant_not_found`, `conflict` while topics exist */
export const deleteTenant = async (ports: DeletePorts, { id, confirm, cascade }: TenantDeletion): Promise<void> => {
  if (confirm !== id) throw invalidField('confirm', "must be the tenant's id");
  await getTenant(ports, id);
  if (!cascade) await refuseWithTopics(ports, id);
  await onceBegun(removeAll(ports, id, cascade));
};

const removeAll = async (ports: DeletePorts, id: TenantId, cascade: boolean): Promise<void> => {
  await removeKeys(ports, id);
  if (!cascade) await refuseWithTopics(ports, id);
  await removeSubscriptions(ports, id);
  await removeGroups(ports, id);
  await removeTopics(ports, id);
  if (!(await ports.tenants.remove(id))) throw tenantGone();
  await removeKeys(ports, id);
  await removeSubscriptions(ports, id);
  await removeGroups(ports, id);
  await removeTopics(ports, id);
};

const refuseWithTopics = async (ports: DeletePorts, id: TenantId): Promise<void> => {
  if ((await ports.topics.list(id, { limit: 1 })).length === 0) return;
  throw new ChasquiError('conflict', 'The tenant has topics; delete them first, or give cascade=true.');
};

const removeKeys = async (ports: DeletePorts, id: TenantId): Promise<void> => {
  for (;;) {
    const keys = await ports.keys.list(id, { limit: BATCH });
    if (keys.length === 0) return;
    for (const key of keys) await ports.keys.remove(id, key.id);
  }
};

const removeSubscriptions = async (ports: DeletePorts, id: TenantId): Promise<void> => {
  for (;;) {
    const found = await ports.subscriptions.list(id, { limit: BATCH });
    if (found.length === 0) return;
    for (const subscription of found) await ports.subscriptions.remove(id, subscription);
  }
};

const removeGroups = async (ports: DeletePorts, id: TenantId): Promise<void> => {
  for (;;) {
    const groups = await ports.groups.list(id, { limit: BATCH });
    if (groups.length === 0) return;
    for (const group of groups) await ports.groups.remove(id, group);
  }
};

const removeTopics = async (ports: DeletePorts, id: TenantId): Promise<void> => {
  for (;;) {
    const topics = await ports.topics.list(id, { limit: BATCH });
    if (topics.length === 0) return;
    for (const topic of topics) await deleteTopic(ports, id, topic.name).catch(ignoreGone);
  }
};

/** Somebody else deleted it first. */
const ignoreGone = (error: unknown): void => {
  if (!(error instanceof ChasquiError) || error.code !== 'topic_not_found') throw error;
};
