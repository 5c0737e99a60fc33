import type { Files } from './files/files.ts';
import type { DataFolder } from './folder/data-folder.ts';
import { DataFolderError } from './folder/data-folder-error.ts';
import { applyOperation } from './index/apply-operation.ts';
import { IndexState } from './index/index-state.ts';
import { type ChangeWatch, IndexTables } from './index/index-tables.ts';
import { readPosition } from './index/saved-position.ts';
import { replayJournal, type TornTail } from './journal/replay.ts';

export interface Recovered {
  readonly state: IndexState;
  /** The largest number that a journal file has, or had. */
  readonly lastFile: number;
}

/** The last checkpoint, and on top of it what the journal says happened since. */
export const recoverIndex = async (
  files: Files,
  folder: DataFolder,
  changes: ChangeWatch,
  onTorn?: (torn: TornTail) => void,
): Promise<Recovered> => {
  const tables = openTables(folder, changes);
  try {
    const { position, nextNumber } = readPosition(tables);
    const state = new IndexState(tables, position, nextNumber);
    const { lastFile } = await replayJournal({
      files,
      folder: folder.journal,
      from: position,
      onTorn,
      apply: (operations, end) => {
        const draft = state.begin();
        for (const operation of operations) applyOperation(draft, state.find, operation);
        state.publish(draft, end);
      },
    });
    return { state, lastFile };
  } catch (error) {
    await tables.close();
    throw asFolderError(folder, error);
  }
};

const openTables = (folder: DataFolder, changes: ChangeWatch): IndexTables => {
  try {
    return new IndexTables(folder.index, changes);
  } catch (error) {
    throw asFolderError(folder, error);
  }
};

const asFolderError = ({ root }: DataFolder, error: unknown): Error => {
  if (error instanceof DataFolderError) return error;
  const { message } = error as Error;
  return new DataFolderError('damaged', `The data folder ${root} does not open: ${message}`, { cause: error });
};
