import { readConfig } from '../../shared/runtime/config.ts';
import { createLog } from '../../shared/runtime/log.ts';
import { StartError } from '../../shared/runtime/start-error.ts';
import { type Running, serve } from './serve.ts';

/*
 * The embedded server as a process: settings from the environment, the greeting on standard output, the log on standard error, and
 * an orderly end on SIGTERM and SIGINT.
 */

/** A second signal, or an end that does not come, ends it all the same: what was answered is durable. */
const STOP_LIMIT_MS = 4500;

const start = async (): Promise<void> => {
  const config = readConfig();
  const log = createLog(config.logLevel, process.stderr, Date.now);
  const running = await serve(config, log);
  const end = (code: number): never => {
    log.flush();
    process.exit(code);
  };
  // Before the greeting: whoever has read it may stop us.
  const stop = (): void => stopOnce(running, end);
  process.once('SIGTERM', stop).once('SIGINT', stop);
  process.on('uncaughtException', (error) => {
    log.write('error', 'uncaught exception', { error });
    end(1);
  });
  process.stdout.write(running.greeting);
  await running.greeted();
};

const stopOnce = (running: Running, end: (code: number) => never): void => {
  setTimeout(() => end(1), STOP_LIMIT_MS).unref();
  running.stop().then(
    () => end(0),
    () => end(1),
  );
};

const fail = (error: unknown): never => {
  const message = error instanceof StartError ? error.message : `Chasqui could not start: ${String(error)}`;
  process.stderr.write(`${message}\n`);
  process.exit(1);
};

// Whoever reads our lines may go away (`… | head`, a collector of logs that is started again). The bus goes on.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

start().catch(fail);
