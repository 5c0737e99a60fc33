import { join } from 'node:path';
import { formatOperatorKey, SECRET_BYTES } from '../contract/key-token.ts';
import type { Random } from '../ports/random.ts';
import { readIfThere, writeSecretFile } from './secret-file.ts';

/** The operator's key of a data folder: made once, kept in a file that its owner alone may read. */
export const keptOperatorKey = async (folder: string, random: Pick<Random, 'bytes'>): Promise<string> => {
  const path = join(folder, 'operator-key');
  const kept = await readIfThere(path);
  if (kept !== undefined && kept !== '') return kept;
  const key = formatOperatorKey(random.bytes(SECRET_BYTES));
  await writeSecretFile(path, key);
  return key;
};
