import { join } from 'node:path';
import { formatOperatorKey, SECRET_BYTES } from '../contract/key-token.ts';
import type { Random } from '../ports/random.ts';
import { readIfThere, writeSecretFile } from './secret-file.ts';

export interface OperatorKey {
  readonly key: string;
  /** Just now: nobody has seen it yet. */
  readonly isNew: boolean;
}

/** The operator's key of a data folder: made once, kept in a file that its owner alone may read. */
export const keptOperatorKey = async (folder: string, random: Pick<Random, 'bytes'>): Promise<OperatorKey> => {
  const path = join(folder, 'operator-key');
  const kept = await readIfThere(path);
  if (kept !== undefined && kept !== '') return { key: kept, isNew: false };
  const key = formatOperatorKey(random.bytes(SECRET_BYTES));
  await writeSecretFile(path, key);
  return { key, isNew: true };
};
