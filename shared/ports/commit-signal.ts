import type { TenantId } from '../contract/ids.ts';

/** What may be waited for: a partition, or something that its users gave a name of the same shape. */
export interface SignalRef {
  readonly topicId: string;
  readonly partition: number;
}

/** Wakes those who wait at a high watermark. A hint, never the truth: a signal may be missed or come for nothing. */
export interface CommitSignal {
  announce(tenant: TenantId, ref: SignalRef): void;
  /**
   * A watch begins when this is called, so that a commit between a read and the wait is not missed. `next` resolves at the first
   * announcement since then, or after `timeoutMs`, or when the signal aborts. Always call `end`.
   */
  watch(tenant: TenantId, refs: readonly SignalRef[]): Watch;
}

export interface Watch {
  next(timeoutMs: number, abort?: AbortSignal): Promise<void>;
  end(): void;
}
