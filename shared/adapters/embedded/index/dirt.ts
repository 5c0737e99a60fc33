import type { TenantId } from '../../../contract/ids.ts';
import type { Answered } from '../journal/operation.ts';
import type { DeadSegments, Draft } from './draft.ts';
import { deletionKey } from './keys.ts';
import type { Partition } from './partition-state.ts';

/** What the journal made durable and no checkpoint has stored yet. */
export interface Dirt {
  readonly partitions: Set<Partition>;
  /** By `answerName`. */
  readonly answers: Map<string, Answered>;
  /** Keys of the table of deleted blobs, by `deletionName`. */
  readonly deletions: Map<string, Buffer>;
  /** By tenant and number. */
  readonly dead: Map<string, DeadSegments>;
}

export const emptyDirt = (): Dirt => ({
  partitions: new Set(),
  answers: new Map(),
  deletions: new Map(),
  dead: new Map(),
});

export const isClean = ({ partitions, answers, deletions, dead }: Dirt): boolean =>
  partitions.size + answers.size + deletions.size + dead.size === 0;

/** No tenant's name holds a slash. */
export const answerName = (tenant: TenantId, key: string): string => `${tenant}/${key}`;

export const deletionName = (tenant: TenantId, id: string): string => `${tenant}/${id}`;

const addDead = (dirt: Dirt, dead: DeadSegments): void => {
  const name = `${dead.tenant}/${dead.number}`;
  const below = Math.max(dead.below, dirt.dead.get(name)?.below ?? 0);
  dirt.dead.set(name, { ...dead, below });
};

export const addDraft = (dirt: Dirt, draft: Draft): void => {
  for (const partition of draft.states.keys()) dirt.partitions.add(partition);
  for (const answer of draft.answers) dirt.answers.set(answerName(answer.tenant, answer.key), answer);
  for (const { tenant, id } of draft.deletions) dirt.deletions.set(deletionName(tenant, id), deletionKey(tenant, id));
  for (const dead of draft.dead) addDead(dirt, dead);
};

/** Takes back what a checkpoint could not store; what came since then is newer. */
export const addOlder = (dirt: Dirt, older: Dirt): void => {
  for (const partition of older.partitions) dirt.partitions.add(partition);
  for (const [name, answer] of older.answers) if (!dirt.answers.has(name)) dirt.answers.set(name, answer);
  for (const [name, key] of older.deletions) dirt.deletions.set(name, key);
  for (const dead of older.dead.values()) addDead(dirt, dead);
};
