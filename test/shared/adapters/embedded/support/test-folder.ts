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

/** A copy of an open folder as a crash would leave it now. */
export const crashCopy = (folder: string): string => {
  const copy = makeTestFolder();
  for (const part of ['VERSION', 'journal', 'index']) {
    fs.cpSync(path.join(folder, part), path.join(copy, part), { recursive: true });
  }
  return copy;
};

interface OpenedOne<Port> {
  readonly store: Port;
  readonly reopen: () => Promise<Port>;
  readonly close: () => Promise<void>;
}

/** Opens stores in a new folder; what contract suites need to close and reopen one of them, after a crash or in order. */
export const openOne = async <Port>(
  pick: (stores: EmbeddedStores) => Port,
  how: 'closed' | 'crashed' = 'closed',
  options: Partial<EmbeddedOptions> = {},
): Promise<OpenedOne<Port>> => {
  const all = { files: unsyncedFiles, ...options };
  let folder = makeTestFolder();
  let stores = await openAt(folder, all);
  return {
    store: pick(stores),
    reopen: async () => {
      const old = folder;
      if (how === 'crashed') folder = crashCopy(folder);
      await stores.close();
      if (how === 'crashed') removeTestFolder(old);
      stores = await openAt(folder, all);
      return pick(stores);
    },
    close: async () => {
      await stores.close();
      removeTestFolder(folder);
    },
  };
};
