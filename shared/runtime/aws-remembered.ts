import { RecentReads } from '../adapters/wrap/recent-reads.ts';
import type { Topic } from '../contract/topic.ts';
import type { Clock } from '../ports/clock.ts';
import type { KeyStore, StoredKey } from '../ports/key-store.ts';
import type { TopicRegistry } from '../ports/topic-registry.ts';

/** A key that was revoked is dead within 60 s (contract section 2); sooner costs next to nothing. */
const KEYS = { maxAgeMs: 10_000, maxEntries: 10_000 };
const TOPICS = { maxAgeMs: 10_000, maxEntries: 10_000 };

/** Keys and topics that this process has lately read, so that a request with a warm key reads nothing before its commit. */
export class Remembered {
  readonly #keys: RecentReads<StoredKey>;
  readonly #topics: RecentReads<Topic>;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#keys = new RecentReads(clock, KEYS);
    this.#topics = new RecentReads(clock, TOPICS);
  }

  /** How often something remembered was used instead of a look, so far. */
  get uses(): number {
    return this.#keys.uses + this.#topics.uses;
  }

  forget(): void {
    this.#keys.forget();
    this.#topics.forget();
  }

  keys(inner: KeyStore): KeyStore {
    return {
      get: (tenant, id) => inner.get(tenant, id),
      list: (tenant, page) => inner.list(tenant, page),
      findBySecret: (tenant, sha256) =>
        this.#keys.get(`${tenant}/${sha256}`, async () => inner.findBySecret(tenant, sha256)),
      create: (tenant, key) => this.#write(inner.create(tenant, key)),
      replace: (tenant, seen, next) => this.#write(inner.replace(tenant, seen, next)),
      remove: (tenant, id) => this.#write(inner.remove(tenant, id)),
    };
  }

  /** `get` serves readers of the records only: whoever changes a topic has to see it as it is. */
  topics(inner: TopicRegistry): TopicRegistry {
    return {
      get: (tenant, name) => this.#topics.get(`${tenant}/${name}`, async () => inner.get(tenant, name)),
      list: (tenant, page) => inner.list(tenant, page),
      create: (tenant, topic) => this.#write(inner.create(tenant, topic)),
      replace: (tenant, seen, next) => this.#write(inner.replace(tenant, seen, next)),
      remove: (tenant, topic) => this.#write(inner.remove(tenant, topic)),
    };
  }

  async #write(done: Promise<boolean>): Promise<boolean> {
    try {
      return await done;
    } finally {
      this.forget();
    }
  }
}
