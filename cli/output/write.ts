import { once } from 'node:events';

/** To standard output, at the reader's pace. */
export const write = async (chunk: string | Uint8Array): Promise<void> => {
  if (!process.stdout.write(chunk)) await once(process.stdout, 'drain');
};

/** For people: to standard error, so that it does not get into what is piped on. */
export const note = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** `… | head` closes the pipe when it has seen enough, which is no error. */
export const leaveOnClosedPipe = (): void => {
  const leave = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  };
  process.stdout.on('error', leave);
  process.stderr.on('error', leave);
};
