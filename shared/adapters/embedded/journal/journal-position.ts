import path from 'node:path';

/** A place between two groups. */
export interface JournalPosition {
  /** 0: before the first file. */
  readonly file: number;
  readonly offset: number;
  /** Of the group that comes next. */
  readonly sequence: number;
}

export const JOURNAL_START: JournalPosition = { file: 0, offset: 0, sequence: 1 };

const NAME = /^(\d{10})\.log$/;

export const journalFileName = (file: number): string => `${String(file).padStart(10, '0')}.log`;
export const journalFilePath = (folder: string, file: number): string => path.join(folder, journalFileName(file));

/** As an operator finds it. */
export const journalPlace = (file: number, offset: number): string => `journal/${journalFileName(file)}:${offset}`;

/** The numbers of the journal files among these names, ascending. */
export const journalFileNumbers = (names: readonly string[]): number[] =>
  names
    .map((name) => NAME.exec(name)?.[1])
    .filter((digits) => digits !== undefined)
    .map(Number)
    .sort((a, b) => a - b);
