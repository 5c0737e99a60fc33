import { join } from 'node:path';
import { BOX_KEY_BYTES } from '../lib/secret-box.ts';
import type { Random } from '../ports/random.ts';
import { readIfThere, writeSecretFile } from './secret-file.ts';
import { StartError } from './start-error.ts';

/** The key that seals the secrets of a data folder: made once, in a file that its owner alone may read. @throws {StartError} */
export const keptVaultKey = async (folder: string, random: Pick<Random, 'bytes'>): Promise<Uint8Array> => {
  const path = join(folder, 'vault-key');
  const kept = await readIfThere(path);
  if (kept === undefined || kept === '') {
    const key = random.bytes(BOX_KEY_BYTES);
    await writeSecretFile(path, Buffer.from(key).toString('base64'));
    return key;
  }
  const key = Buffer.from(kept, 'base64');
  if (key.length === BOX_KEY_BYTES) return key;
  throw new StartError(`${path} does not hold a key; the secrets of the subscriptions cannot be read without it.`);
};
