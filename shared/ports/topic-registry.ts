import type { TenantId, TopicName } from '../contract/ids.ts';
import type { Topic } from '../contract/topic.ts';

export interface NamePage {
  readonly prefix?: string;
  /** Names strictly behind this one. */
  readonly after?: string;
  readonly limit: number;
}

/** A tenant's topics, by name. Writes are conditional on what the caller saw, so that two of them never mix. */
export interface TopicRegistry {
  /** False: the name is taken, nothing changed. */
  create(tenant: TenantId, topic: Topic): Promise<boolean>;
  /** At once where it is remembered. */
  get(tenant: TenantId, name: TopicName): Topic | undefined | Promise<Topic | undefined>;
  /** In the order of the names' bytes. */
  list(tenant: TenantId, page: NamePage): Promise<Topic[]>;
  /** False: what is stored is no longer `seen`, nothing changed. */
  replace(tenant: TenantId, seen: Topic, next: Topic): Promise<boolean>;
  /** False: what is stored is no longer `seen`, nothing changed. */
  remove(tenant: TenantId, seen: Topic): Promise<boolean>;
}
