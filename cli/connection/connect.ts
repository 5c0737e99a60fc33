import type { Command } from 'commander';
import { type Client, createClient } from '../../client/client.ts';
import { usageError } from '../cli-error.ts';
import { note } from '../output/write.ts';
import { configPath, isReadableByOthers, readConfig } from './config-file.ts';
import { type Connection, type ConnectionFlags, resolveConnection } from './resolve.ts';

export interface GlobalOptions extends ConnectionFlags {
  /** For machines. */
  readonly json?: boolean;
}

export const globalOptions = (command: Command): GlobalOptions => command.optsWithGlobals<GlobalOptions>();

const connectionOf = (command: Command): Connection => {
  const config = readConfig();
  if (Object.values(config.profiles).some(({ key }) => key !== undefined) && isReadableByOthers()) {
    note(`chasqui: ${configPath()} can be read by others; chmod 600 it.`);
  }
  return resolveConnection(globalOptions(command), process.env, config);
};

/** A client for the deployment that flags, environment and profiles name. */
export const connect = (command: Command): Client => {
  try {
    return createClient(connectionOf(command));
  } catch (error) {
    throw error instanceof TypeError ? usageError(error.message) : error;
  }
};
