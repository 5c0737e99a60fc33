import type { ChasquiError } from '../contract/errors.ts';
import type { TenantId, TopicId } from '../contract/ids.ts';
import type { BlobRef } from '../ports/blob-store.ts';
import type { IndexEntry } from '../ports/offset-store.ts';
import type { Ports } from '../ports/ports.ts';
import type { PartOutcome } from './append.ts';
import type { Committer } from './commit.ts';
import { commitAtomic } from './commit-atomic.ts';
import { tellsItsAge } from './entry-age.ts';
import type { Flush, OwnUnits, SharedUnit, Unit } from './flush.ts';
import { notStored, offsetMismatch, topicGone } from './refusal.ts';

type FlushPorts = Pick<Ports, 'offsets' | 'clock' | 'random' | 'signal'>;

export interface StoredFlush {
  readonly tenant: TenantId;
  readonly blob: BlobRef;
  /** Milliseconds since the epoch. */
  readonly storedAt: number;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
}

/** Commits every unit of a stored flush, side by side, and writes each request's outcomes. Never rejects. */
export async function commitFlush(
  ports: FlushPorts,
  committer: Committer,
  stored: StoredFlush,
  flush: Pick<Flush, 'shared' | 'own'>,
): Promise<void> {
  const commits = flush.shared.map((unit) => commitShared(ports, committer, stored, unit));
  for (const own of flush.own)
    commits.push(
      own.waiting.request.idempotency === undefined
        ? commitConditional(ports, committer, stored, own)
        : commitIdempotent(ports, committer, stored, own),
    );
  await Promise.all(commits);
}

async function commitShared(
  ports: FlushPorts,
  committer: Committer,
  stored: StoredFlush,
  unit: SharedUnit,
): Promise<void> {
  const outcome = await commitUnit(ports, committer, stored, unit.topicId, unit);
  for (const { waiting, part, firstRecord } of unit.shares)
    waiting.outcomes[part] =
      outcome.kind === 'stored' ? { kind: 'stored', baseOffset: outcome.baseOffset + firstRecord } : outcome;
}

async function commitConditional(
  ports: FlushPorts,
  committer: Committer,
  stored: StoredFlush,
  { waiting, units }: OwnUnits,
): Promise<void> {
  const { topicId, expectedOffset } = waiting.request;
  for (const [part, unit] of units.entries())
    waiting.outcomes[part] = await commitUnit(ports, committer, stored, topicId, unit, expectedOffset);
}

async function commitUnit(
  ports: FlushPorts,
  committer: Committer,
  stored: StoredFlush,
  topicId: TopicId,
  unit: Unit,
  expectedOffset?: number,
): Promise<PartOutcome> {
  const { tenant, deadline } = stored;
  const { partition } = unit;
  try {
    const call = { tenant, topicId, partition, entry: entryOf(unit, stored), expectedOffset, deadline };
    const result = await committer.commit(call);
    if (result.kind === 'gone') return { kind: 'failed', error: topicGone() };
    if (result.kind === 'offset_mismatch')
      return { kind: 'failed', error: offsetMismatch(expectedOffset ?? -1, result.head.nextOffset) };
    ports.signal.announce(tenant, { topicId, partition });
    return { kind: 'stored', baseOffset: result.baseOffset };
  } catch (error) {
    return { kind: 'failed', error: notStored(error) };
  }
}

async function commitIdempotent(
  ports: FlushPorts,
  committer: Committer,
  stored: StoredFlush,
  own: OwnUnits,
): Promise<void> {
  try {
    await commitTogether(ports, committer, stored, own);
  } catch (error) {
    own.waiting.outcomes.fill({ kind: 'failed', error: notStored(error) });
  }
}

async function commitTogether(
  ports: FlushPorts,
  committer: Committer,
  stored: StoredFlush,
  { waiting, units }: OwnUnits,
): Promise<void> {
  const fail = (error: ChasquiError) => void waiting.outcomes.fill({ kind: 'failed', error });
  const { tenant, deadline } = stored;
  const { topicId, expectedOffset, idempotency } = waiting.request;
  if (idempotency === undefined) return;
  const { record, answerOf, baseOffsetsOf } = idempotency;
  const appends = units.map((unit) => ({ partition: unit.partition, entry: entryOf(unit, stored), expectedOffset }));
  const call = { tenant, topicId, appends, record, answerOf, deadline };
  const result = await commitAtomic(ports, committer, call);
  if (result.kind === 'gone') return fail(topicGone());
  if (result.kind === 'offset_mismatch') return fail(offsetMismatch(expectedOffset ?? -1, result.head.nextOffset));
  baseOffsetsOf(result.answer).forEach((baseOffset, part) => {
    waiting.outcomes[part] = { kind: 'stored', baseOffset };
  });
  for (const { partition } of units) ports.signal.announce(tenant, { topicId, partition });
}

function entryOf(unit: Unit, { blob, storedAt }: StoredFlush): IndexEntry {
  const { position, length, records } = unit;
  let maxTimestamp = Number.NEGATIVE_INFINITY;
  for (const { timestamp } of records) maxTimestamp = Math.max(maxTimestamp, timestamp);
  const entry = { blob, position, length, count: records.length, maxTimestamp };
  return tellsItsAge(blob) ? entry : { ...entry, storedAt };
}
