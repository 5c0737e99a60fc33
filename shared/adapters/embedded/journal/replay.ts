import type { Files, OpenFile } from '../files/files.ts';
import { readUpTo } from '../files/whole.ts';
import { DataFolderError } from '../folder/data-folder-error.ts';
import { cutFile } from './cut-file.ts';
import { decodeFileHeader, FILE_HEADER_BYTES, type FileHeader } from './file-header.ts';
import { type JournalPosition, journalFileNumbers, journalFilePath, journalPlace } from './journal-position.ts';
import type { Operation } from './operation.ts';
import type { FileBytes, ParsedGroup } from './parse-groups.ts';
import { soundGroups } from './sound-groups.ts';
import { isZero } from './torn-tail.ts';

export interface Replay {
  readonly files: Files;
  readonly folder: string;
  /** What the checkpoint covers. */
  readonly from: JournalPosition;
  /** Called for every group, in order, with the position behind it. */
  readonly apply: (operations: readonly Operation[], end: JournalPosition) => void;
  /** Told of what a crash cut short, before it is thrown away. */
  readonly onTorn?: ((torn: TornTail) => void) | undefined;
}

export interface TornTail {
  /** Where it begins. */
  readonly place: string;
  readonly bytes: number;
}

export interface Replayed {
  readonly end: JournalPosition;
  /** The largest number that a file has. */
  readonly lastFile: number;
}

/**
 * Brings back what the journal holds behind the checkpoint:
 * 1. Read the groups of every file from the checkpoint on; their sequence numbers follow each other without a gap.
 * 2. What does not read at the end of the last file is cut off when it is explained by a crash (see `isTorn`).
 * 3. Anything else is damage: nothing is changed, and the folder does not open.
 * 4. The last file is synced before anybody sees it: a killed process may have left groups that only the page cache has.
 */
export const replayJournal = async (replay: Replay): Promise<Replayed> => {
  const { files, folder, from } = replay;
  const numbers = journalFileNumbers(await files.list(folder));
  const later = numbers.filter((number) => number >= from.file);
  if (from.file > 0 && later[0] !== from.file) throw damaged(from.file, 0, 'is missing');
  let end = from;
  for (const number of later) end = await replayFile(replay, number, end, number === later.at(-1));
  return { end, lastFile: Math.max(numbers.at(-1) ?? 0, from.file) };
};

const damaged = (file: number, offset: number, what: string): DataFolderError =>
  new DataFolderError('damaged', `The data is damaged: ${journalPlace(file, offset)} ${what}. Nothing was changed.`);

const replayFile = async (
  replay: Replay,
  number: number,
  end: JournalPosition,
  isLast: boolean,
): Promise<JournalPosition> => {
  const { files, folder } = replay;
  const file = await files.open(journalFilePath(folder, number), isLast ? 'write' : 'read');
  let found: Found;
  try {
    found = await readGroups(file, number, end, isLast);
    if (isLast && found.source !== undefined) await file.sync();
  } finally {
    await file.close();
  }
  const next = found.source === undefined ? end : applyGroups(replay, found.source, found.groups, end);
  if (found.keep < found.size)
    replay.onTorn?.({ place: journalPlace(number, found.keep), bytes: found.size - found.keep });
  if (found.source === undefined || found.keep < found.size) await cutFile(files, folder, number, found.keep);
  return next;
};

interface Found {
  readonly size: number;
  /** The file's length without what is torn. */
  readonly keep: number;
  readonly groups: readonly ParsedGroup[];
  /** Undefined: a file that was never finished. */
  readonly source: FileBytes | undefined;
}

const readGroups = async (file: OpenFile, number: number, end: JournalPosition, isLast: boolean): Promise<Found> => {
  const size = await file.size();
  const head = await readUpTo(file, 0, Buffer.alloc(FILE_HEADER_BYTES));
  const header = decodeFileHeader(head, number);
  if (header === undefined) {
    const isUnfinished = isLast && number > end.file && (size < FILE_HEADER_BYTES || isZero(head, 0, head.length));
    if (!isUnfinished) throw damaged(number, 0, 'is not the beginning of a journal file');
    return { size, keep: 0, groups: [], source: undefined };
  }
  const offset = startIn(header, size, end);
  const bytes = await readUpTo(file, offset, Buffer.allocUnsafeSlow(size - offset));
  const source = { file: number, nonce: header.nonce, offset, bytes };
  const { groups, keep, damagedAt } = soundGroups(source, end.sequence, isLast);
  if (damagedAt !== undefined) throw damaged(number, damagedAt, 'does not read as it was written');
  return { size, keep, groups, source };
};

/** Where in this file the groups begin that come next. */
const startIn = ({ number, firstSequence }: FileHeader, size: number, end: JournalPosition): number => {
  if (number > end.file) {
    if (firstSequence !== end.sequence) throw damaged(number, 0, 'does not follow the file before it');
    return FILE_HEADER_BYTES;
  }
  if (size < end.offset) throw damaged(number, size, `ends before byte ${end.offset}, where it once ended`);
  return end.offset;
};

const applyGroups = (
  { apply }: Replay,
  { file, offset }: FileBytes,
  groups: readonly ParsedGroup[],
  from: JournalPosition,
): JournalPosition => {
  let position: JournalPosition = { file, offset, sequence: from.sequence };
  for (const { operations, end } of groups) {
    position = { file, offset: end, sequence: position.sequence + 1 };
    apply(operations, position);
  }
  return position;
};
