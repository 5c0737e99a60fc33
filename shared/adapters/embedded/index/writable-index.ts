import type { BlobRef } from '../../../ports/blob-store.ts';
import type { Operation } from '../journal/operation.ts';
import { writeOperation } from '../journal/operation-codec.ts';
import { applyOperation } from './apply-operation.ts';
import type { Draft } from './draft.ts';
import type { IndexState } from './index-state.ts';

/** What a request sees and changes while its group is put together. */
export interface WritableIndex {
  readonly state: IndexState;
  readonly draft: Draft;
  /** The write of this blob failed: nothing may name it. */
  readonly isLost: (blob: BlobRef) => boolean;
}

/**
 * Takes the operations into the group, all or, when one cannot be written down, none. What comes later in the group sees what they did.
 */
export const perform = (
  { state, draft }: Pick<WritableIndex, 'state' | 'draft'>,
  operations: readonly Operation[],
): void => {
  const before = draft.operations.length;
  try {
    for (const operation of operations) writeOperation(draft.operations, operation);
  } catch (error) {
    draft.operations.cut(before);
    throw error;
  }
  for (const operation of operations) applyOperation(draft, state.find, operation);
};
