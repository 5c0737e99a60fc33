import type { Command } from 'commander';
import { wholeNumber } from '../arguments.ts';

interface ServeOptions {
  readonly port?: number;
  readonly host?: string;
  readonly data?: string;
}

const toEnvironment = ({ port, host, data }: ServeOptions): void => {
  if (port !== undefined) process.env['CHASQUI_PORT'] = String(port);
  if (host !== undefined) process.env['CHASQUI_HOST'] = host;
  if (data !== undefined) process.env['CHASQUI_DATA'] = data;
};

/** The same as `npm start`, in this process. */
export const addServe = (program: Command, startServer: () => Promise<unknown>): void => {
  program
    .command('serve')
    .description('run the bus on this machine, as npm start does')
    .option('--port <port>', 'where to listen; 0 takes a free port (4000)', wholeNumber())
    .option('--host <address>', 'on which address (127.0.0.1)')
    .option('--data <folder>', 'where the data is (./.chasqui)')
    .action(async (options: ServeOptions) => {
      toEnvironment(options);
      await startServer();
    });
};
