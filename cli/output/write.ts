import { once } from 'node:events';
import { EXIT } from '../exit.ts';

/** To standard output, at the reader's pace. */
export const write = async (chunk: string | Uint8Array): Promise<void> => {
  if (!process.stdout.write(chunk)) await once(process.stdout, 'drain');
};

/** For people: to standard error, so that it does not get into what is piped on. */
export const note = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** `… | head` closes the pipe when it has seen enough, which is no error. A full disk is one, and ends the command in one line. */
export const leaveOnBrokenOutput = (): void => {
  const leave = (error: NodeJS.ErrnoException): never => {
    if (error.code === 'EPIPE') return process.exit();
    note(`chasqui: output_failed: The output cannot be written (${error.code ?? error.message}).`);
    return process.exit(EXIT.failure);
  };
  process.stdout.on('error', leave);
  // Where nothing can be said, the exit code says it.
  process.stderr.on('error', (error: NodeJS.ErrnoException) =>
    process.exit(error.code === 'EPIPE' ? undefined : EXIT.failure),
  );
};
