import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  type EmbeddedOptions,
  type EmbeddedStores,
  openEmbeddedStores,
} from '../../../../../shared/adapters/embedded/open-embedded-stores.ts';
import { createFakeClock } from '../../../../support/fake-clock.ts';
import { unsyncedFiles } from './unsynced-files.ts';

/** A folder of its own under the system's temporary files. */
export const makeTestFolder = (): string => fs.mkdtempSync(path.join(os.tmpdir(), 'chasqui-embedded-'));
export const removeTestFolder = (folder: string): void => fs.rmSync(folder, { recursive: true, force: true });

export const openAt = (folder: string, options: Partial<EmbeddedOptions> = {}): Promise<EmbeddedStores> =>
  openEmbeddedStores({ folder, clock: createFakeClock(), ...options });

/** Opens stores in a new folder; what contract suites need to close and reopen one of them. */
export const openOne = async <Port>(
  pick: (stores: EmbeddedStores) => Port,
): Promise<{ store: Port; reopen: () => Promise<Port>; close: () => Promise<void> }> => {
  const folder = makeTestFolder();
  const options = { files: unsyncedFiles };
  let stores = await openAt(folder, options);
  return {
    store: pick(stores),
    reopen: async () => {
      await stores.close();
      stores = await openAt(folder, options);
      return pick(stores);
    },
    close: async () => {
      await stores.close();
      removeTestFolder(folder);
    },
  };
};
