import fs from 'node:fs';
import path from 'node:path';
import { DataFolderError } from './data-folder-error.ts';
import { writeDurably } from './durable-write.ts';

/**
 * The number of the layout below. A change that an older program would not understand raises it; this one reads all that were before.
 *  2: an index entry may say when it was stored.
 */
const FORMAT = 2;

/** What is where in a data folder. `VERSION` is written last: where it stands, everything else was made. */
export interface DataFolder {
  readonly root: string;
  readonly journal: string;
  readonly index: string;
  /** Nothing was ever stored here. */
  readonly isNew: boolean;
  /** Its `VERSION` says what this program writes. */
  readonly isCurrent: boolean;
}

/** With its parents. Not `recursive: true`, which Node 20 never comes back from under /proc. */
const makeAll = (folder: string): void => {
  if (fs.existsSync(folder)) return;
  makeAll(path.dirname(folder));
  fs.mkdirSync(folder, { mode: 0o700 });
};

/** Makes the folder if need be, private to its owner. */
export const makeFolder = (root: string): void => {
  try {
    makeAll(path.resolve(root));
    if (!fs.statSync(root).isDirectory()) throw Object.assign(new Error('Not a folder.'), { code: 'ENOTDIR' });
    fs.accessSync(root, fs.constants.R_OK | fs.constants.W_OK | fs.constants.X_OK);
  } catch (cause) {
    throw notWritable(root, cause);
  }
};

export const notWritable = (root: string, cause: unknown): DataFolderError =>
  new DataFolderError('not_writable', `The data folder ${root} cannot be written (${codeOf(cause)}).`, { cause });

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'unknown error';

/** Looks at what is there, before anything is touched. */
export const inspectFolder = (root: string): DataFolder => {
  const folder = { root, journal: path.join(root, 'journal'), index: path.join(root, 'index') };
  const version = readVersion(root);
  if (version === undefined) {
    if (hasFiles(folder.journal)) throw damaged(root, 'its VERSION file is missing');
    return { ...folder, isNew: true, isCurrent: false };
  }
  if (version > FORMAT) {
    const message = `The data folder ${root} has format ${version}, this program knows ${FORMAT}: use a newer one.`;
    throw new DataFolderError('newer_version', message);
  }
  if (!fs.existsSync(path.join(folder.index, 'data.mdb'))) throw damaged(root, 'index/data.mdb is missing');
  return { ...folder, isNew: false, isCurrent: version === FORMAT };
};

const damaged = (root: string, what: string): DataFolderError =>
  new DataFolderError('damaged', `The data folder ${root} is damaged: ${what}.`);

const hasFiles = (folder: string): boolean => fs.existsSync(folder) && fs.readdirSync(folder).length > 0;

const readVersion = (root: string): number | undefined => {
  const file = path.join(root, 'VERSION');
  if (!fs.existsSync(file)) return undefined;
  const text = fs.readFileSync(file, 'utf8').trim();
  if (!/^\d{1,9}$/.test(text)) throw damaged(root, 'its VERSION file does not hold a number');
  return Number(text);
};

export const makeSubfolders = ({ root, journal, index }: DataFolder): void => {
  try {
    makeAll(journal);
    makeAll(index);
  } catch (cause) {
    throw notWritable(root, cause);
  }
};

/** Marks the folder as complete, and as one that only this program and newer ones open; durable when it resolves. */
export const writeVersion = ({ root }: DataFolder): Promise<void> => writeDurably(root, 'VERSION', `${FORMAT}\n`);
