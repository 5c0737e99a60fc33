import { createReadStream, statSync } from 'node:fs';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit.ts';

export interface Source {
  readonly name: string;
  /** Undefined where it cannot be known, as of a pipe. */
  readonly bytes: number | undefined;
  readonly open: () => NodeJS.ReadableStream & AsyncIterable<Buffer>;
}

const STDIN: Source = { name: 'standard input', bytes: undefined, open: () => process.stdin };
const CHUNK_BYTES = 256 * 1024;

const fileSource = (path: string): Source => {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new CliError('no_such_file', `There is no file ${path}.`, EXIT.failure);
  if (stat.isDirectory()) throw new CliError('not_a_file', `${path} is a folder.`, EXIT.failure);
  const bytes = stat.isFile() ? stat.size : undefined;
  return { name: path, bytes, open: () => createReadStream(path, { highWaterMark: CHUNK_BYTES }) };
};

/** Files, `-` for standard input, and standard input where none is named. All are looked for before anything is read. */
export const sourcesOf = (paths: readonly string[]): Source[] =>
  paths.length === 0 ? [STDIN] : paths.map((path) => (path === '-' ? STDIN : fileSource(path)));
