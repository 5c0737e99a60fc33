import type { ChasquiError } from '../contract/errors.ts';
import type { TenantId, TopicId } from '../contract/ids.ts';
import { backoffMs } from '../lib/backoff.ts';
import {
  type AppendOutcome,
  type Head,
  type IndexEntry,
  type PartitionRef,
  UnknownOutcomeError,
} from '../ports/offset-store.ts';
import type { Ports } from '../ports/ports.ts';
import { findEntry } from './find-entry.ts';
import { HeadCache, type SeenHead } from './head-cache.ts';
import { outcomeUnknown, partitionBusy } from './refusal.ts';
import { sealIsDue, sealTail } from './seal.ts';

/*
 * The commit protocol (docs/architecture.md, "The commit"):
 *  1. One conditional write appends the entry, with the fence that was seen last. Warm, nothing is read before it.
 *  2. Committed: the answer's tail says whether this writer has to seal.
 *  3. Fenced: somebody settled a lost answer; take the fence that the refusal shows and write again.
 *  4. Full: the sealers died; seal, then write again.
 *  5. No answer: bump the fence, so that the attempt can no longer land; then the state says whether it did. Only a proof
 *     that it did not allows another attempt.
 */

export type CommitPorts = Pick<Ports, 'offsets' | 'clock' | 'random'>;

export interface CommitCall {
  readonly tenant: TenantId;
  readonly topicId: TopicId;
  readonly partition: number;
  readonly entry: IndexEntry;
  readonly expectedOffset?: number | undefined;
  /** Milliseconds since the epoch: when to give up with "unknown" or "unavailable". */
  readonly deadline: number;
}

export type CommitResult =
  | { readonly kind: 'committed'; readonly baseOffset: number }
  | { readonly kind: 'offset_mismatch'; readonly head: Head }
  | { readonly kind: 'gone' };

const BACKOFF = { baseMs: 10, maxMs: 1000 };

/** Appends entries to partitions. Holds a cache of fences and the seals under way, nothing that matters. */
export class Committer {
  readonly #ports: CommitPorts;
  readonly #heads = new HeadCache();
  readonly #background = new Set<Promise<void>>();

  constructor(ports: CommitPorts) {
    this.#ports = ports;
  }

  async commit(call: CommitCall): Promise<CommitResult> {
    for (let attempt = 1; ; attempt++) {
      const seen = await this.seenHead(call.tenant, call);
      if (seen === undefined) return { kind: 'gone' };
      // A function that was frozen meanwhile must not write what its caller has been told to be over.
      if (this.#ports.clock.now() > call.deadline) throw partitionBusy();
      const outcome = await this.#attempt(call, seen);
      if (outcome.kind === 'fenced' || outcome.kind === 'full') {
        await this.overcome(call.tenant, call, outcome.head, outcome.kind);
        await this.pause(attempt, call.deadline, partitionBusy);
        continue;
      }
      return this.#settled(call, seen, outcome);
    }
  }

  /** Resolves when no seal is under way. */
  async idle(): Promise<void> {
    while (this.#background.size > 0) await Promise.all(this.#background);
  }

  /** What this process knows of a partition, read once when it knows nothing; undefined: there is no such partition. */
  async seenHead(tenant: TenantId, ref: PartitionRef): Promise<SeenHead | undefined> {
    const known = this.#heads.get(tenant, ref);
    if (known !== undefined) return known;
    const head = await this.#ports.offsets.readHead(tenant, ref);
    return head === undefined ? undefined : this.#heads.saw(tenant, ref, head);
  }

  /** As `seenHead`, of many: what is not known is read together. */
  async seenHeads(tenant: TenantId, refs: readonly PartitionRef[]): Promise<(SeenHead | undefined)[]> {
    const unknown = refs.filter((ref) => this.#heads.get(tenant, ref) === undefined);
    const heads = unknown.length === 0 ? [] : await this.#ports.offsets.readHeads(tenant, unknown);
    for (const [at, ref] of unknown.entries()) {
      const head = heads[at];
      if (head !== undefined) this.#heads.saw(tenant, ref, head);
    }
    return refs.map((ref) => this.#heads.get(tenant, ref));
  }

  /** Learns from a committed head, and seals in the background when it is this writer's turn. */
  committed(tenant: TenantId, ref: PartitionRef, head: Head): void {
    this.#heads.saw(tenant, ref, head);
    if (!sealIsDue(head)) return;
    const { topicId, partition } = ref;
    // A seal that fails is made up for by the next writer whose turn it is, or by the first who finds the tail full.
    const seal: Promise<void> = sealTail(this.#ports, tenant, { topicId, partition }, head)
      .catch(() => undefined)
      .finally(() => this.#background.delete(seal));
    this.#background.add(seal);
  }

  /** Makes the next attempt possible after a refusal that says `fenced` or `full`. */
  async overcome(tenant: TenantId, ref: PartitionRef, head: Head, refusal: 'fenced' | 'full'): Promise<void> {
    const known = this.#heads.get(tenant, ref);
    // An answer that was overtaken, or a table that has been put back to an earlier time: the next attempt looks.
    if (known !== undefined && known.fence > head.fence) this.#heads.forget(tenant, ref);
    else this.#heads.saw(tenant, ref, head);
    if (refusal !== 'full') return;
    // A lost answer is no harm here: the next attempt shows whether there is room now.
    await sealTail(this.#ports, tenant, ref, head).catch((error) => {
      if (!(error instanceof UnknownOutcomeError)) throw error;
    });
  }

  /** Bumps the fence until an answer comes; undefined: the partition is gone. After it, no earlier attempt can land. */
  async fenceOff(tenant: TenantId, ref: PartitionRef, deadline: number): Promise<Head | undefined> {
    for (let attempt = 1; ; attempt++) {
      try {
        const head = await this.#ports.offsets.bumpFence(tenant, ref);
        if (head === undefined) this.#heads.forget(tenant, ref);
        else this.#heads.saw(tenant, ref, head);
        return head;
      } catch (error) {
        await this.pause(attempt, deadline, () => outcomeUnknown(error));
      }
    }
  }

  async pause(attempt: number, deadline: number, giveUp: () => ChasquiError): Promise<void> {
    const { clock, random } = this.#ports;
    const pauseMs = backoffMs(attempt, random.fraction(), BACKOFF);
    if (clock.now() + pauseMs >= deadline) throw giveUp();
    // The first repeat is at once: a fence or a full tail is overcome, not waited for.
    if (attempt > 1) await clock.sleep(pauseMs);
  }

  async #attempt(call: CommitCall, seen: SeenHead): Promise<AppendOutcome> {
    const { tenant, topicId, partition, entry, expectedOffset } = call;
    const condition = expectedOffset === undefined ? {} : { expectedOffset };
    try {
      return await this.#ports.offsets.commit(tenant, topicId, { partition, entry, fence: seen.fence, ...condition });
    } catch (error) {
      if (!(error instanceof UnknownOutcomeError)) throw error;
      return this.#resolve(call, seen, error);
    }
  }

  /** Step 5. A proof that nothing landed is told as `fenced`, which is what it is: the attempt's fence is old now. */
  async #resolve(call: CommitCall, seen: SeenHead, cause: UnknownOutcomeError): Promise<AppendOutcome> {
    const { tenant, entry, deadline } = call;
    const head = await this.fenceOff(tenant, call, deadline);
    if (head === undefined) return { kind: 'gone' };
    const found = await findEntry(this.#ports, tenant, call, head, entry, seen.nextOffset).catch((error) => {
      throw outcomeUnknown(error);
    });
    if (found.kind === 'at') return { kind: 'committed', baseOffset: found.baseOffset, head };
    if (found.kind === 'trimmed') throw outcomeUnknown(cause);
    return { kind: 'fenced', head };
  }

  #settled(
    call: CommitCall,
    seen: SeenHead,
    outcome: Exclude<AppendOutcome, { kind: 'fenced' | 'full' }>,
  ): CommitResult {
    if (outcome.kind === 'gone') {
      this.#heads.forget(call.tenant, call);
      return outcome;
    }
    if (outcome.kind === 'offset_mismatch') {
      this.#heads.saw(call.tenant, call, outcome.head);
      return outcome;
    }
    // Never before what was seen, unless the table has been put back to an earlier time.
    if (outcome.baseOffset < seen.nextOffset) this.#heads.forget(call.tenant, call);
    this.committed(call.tenant, call, outcome.head);
    return { kind: 'committed', baseOffset: outcome.baseOffset };
  }
}
