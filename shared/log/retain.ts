import type { TenantId } from '../contract/ids.ts';
import type { Head, PartitionRef } from '../ports/offset-store.ts';
import type { Ports } from '../ports/ports.ts';
import { storedAtOf } from './entry-age.ts';

export type RetainPorts = Pick<Ports, 'offsets' | 'clock'>;

export interface RetainCall {
  readonly tenant: TenantId;
  readonly ref: PartitionRef;
  /** As it was seen. */
  readonly head: Head;
  /** -1: for ever. */
  readonly retentionMs: number;
  /** -1: no bound. */
  readonly retentionBytes: number;
  /** What nobody has noted the time of counts as stored then; milliseconds since the epoch. */
  readonly knownSince: number;
  /** Asked when it is known what goes, at the last moment: whether the topic still says so. */
  readonly isStillSo: () => Promise<boolean>;
}

export interface Retained {
  /** Records that went. */
  readonly removed: number;
  /** The head to go on with where more may have to go; undefined: that is all. */
  readonly rest: Head | undefined;
}

const PAGE = 64;
/** A bounded part of the work. */
const PAGES = 32;

/*
 * What a topic no longer keeps goes, from the log start on:
 *  1. An entry goes when it was stored longer than `retentionMs` ago, or when `retentionBytes` are left without it: Kafka's rule for its
 *     segments, by which never less is kept than was asked for (KafkaConfig, `log.retention.bytes`).
 *  2. The first entry that stays ends it, whatever stands behind it: a log is shortened at its start alone.
 *  3. Then the log start moves, once. Whatever is appended, or trimmed by others, meanwhile is as good.
 */
export async function retain(ports: RetainPorts, call: RetainCall): Promise<Retained> {
  const { tenant, ref, head } = call;
  const { offset, isDone } = await firstToStay(ports, call);
  if (offset === head.logStartOffset || !(await call.isStillSo())) return { removed: 0, rest: undefined };
  const trimmed = await ports.offsets.trim(tenant, ref, offset);
  return { removed: offset - head.logStartOffset, rest: isDone ? undefined : trimmed };
}

/** Where the first entry begins that stays; or, not done, where to go on looking for it. */
async function firstToStay(
  ports: RetainPorts,
  { tenant, ref, head, retentionMs, retentionBytes, knownSince }: RetainCall,
): Promise<{ readonly offset: number; readonly isDone: boolean }> {
  const { logStartOffset, nextOffset, retainedBytes } = head;
  const storedBefore = retentionMs < 0 ? Number.NEGATIVE_INFINITY : ports.clock.now() - retentionMs;
  let excessBytes = retentionBytes < 0 ? Number.NEGATIVE_INFINITY : retainedBytes - retentionBytes;
  let offset = logStartOffset;
  if (retentionMs < 0 && excessBytes <= 0) return { offset, isDone: true };
  for (let pages = 0; pages < PAGES && offset < nextOffset; pages += 1) {
    const page = await ports.offsets.readIndex(tenant, ref, offset, PAGE);
    // Somebody else has moved the log start meanwhile.
    if (page === undefined || page.entries.length === 0) return { offset, isDone: true };
    let end = page.baseOffset;
    for (const entry of page.entries) {
      const isOld = (storedAtOf(entry) ?? knownSince) < storedBefore;
      if (!isOld && excessBytes < entry.length) return { offset, isDone: true };
      excessBytes -= entry.length;
      end += entry.count;
      offset = end;
    }
  }
  return { offset, isDone: offset >= nextOffset };
}
