import type { TenantId } from '../contract/ids.ts';
import { Lru } from '../lib/lru.ts';
import type { Head, PartitionRef } from '../ports/offset-store.ts';

/** What a writer has to remember of a partition: a guess that every commit checks again. */
export interface SeenHead {
  readonly fence: number;
  /** No commit that was made later can have a lower offset. */
  readonly nextOffset: number;
}

const SEEN_HEADS = 50_000;

/** The last state of each partition that this process saw; may vanish at any time. */
export class HeadCache {
  readonly #seen = new Lru<SeenHead>(SEEN_HEADS);

  get(tenant: TenantId, ref: PartitionRef): SeenHead | undefined {
    return this.#seen.get(keyOf(tenant, ref));
  }

  /** Answers may arrive in another order than they were given, so of each number the greater one is kept. */
  saw(tenant: TenantId, ref: PartitionRef, head: Head): SeenHead {
    const key = keyOf(tenant, ref);
    const known = this.#seen.get(key);
    const seen = {
      fence: Math.max(head.fence, known?.fence ?? 0),
      nextOffset: Math.max(head.nextOffset, known?.nextOffset ?? 0),
    };
    this.#seen.set(key, seen);
    return seen;
  }

  forget(tenant: TenantId, ref: PartitionRef): void {
    this.#seen.delete(keyOf(tenant, ref));
  }
}

const keyOf = (tenant: TenantId, ref: PartitionRef): string => `${tenant}/${ref.topicId}/${ref.partition}`;
