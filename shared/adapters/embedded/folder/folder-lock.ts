import { createHash } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { DataFolderError } from './data-folder-error.ts';

/**
 * One process at a time owns a data folder. Node has no flock; what every kernel takes back when a process dies, however it dies, is a
 * listening socket:
 * 1. On Linux an abstract socket named after the folder's device and inode: nothing on disk, nothing to go stale.
 * 2. And a socket file in the folder, which also meets a process of another container (abstract names end at its network).
 * 3. Elsewhere a socket file among the temporary files (a named pipe on Windows).
 * A socket file that nobody answers belongs to a dead process and is replaced. Two containers that do that in the same instant can both
 * believe in it; then the first journal file that both want to create stops one of them.
 */
export interface FolderLock {
  release(): Promise<void>;
}

export const lockFolder = async (folder: string): Promise<FolderLock> => {
  const servers: net.Server[] = [];
  const descriptor = fs.openSync(folder, 'r');
  try {
    for (const { address, mayFail } of addressesOf(descriptor)) {
      const server = await listen(address, folder).catch((error: unknown) => {
        if (error instanceof DataFolderError || !mayFail) throw error;
        return undefined;
      });
      if (server !== undefined) servers.push(server);
    }
  } catch (error) {
    await closeAll(servers);
    throw error;
  } finally {
    if (servers.length === 0) fs.closeSync(descriptor);
  }
  return {
    release: async () => {
      await closeAll(servers);
      fs.closeSync(descriptor);
    },
  };
};

interface Address {
  readonly address: string;
  /** Some file systems have no sockets. */
  readonly mayFail: boolean;
}

const addressesOf = (descriptor: number): Address[] => {
  const { dev, ino } = fs.fstatSync(descriptor, { bigint: true });
  const name = `chasqui-${createHash('sha256').update(`${dev}/${ino}`).digest('hex').slice(0, 32)}`;
  if (process.platform === 'win32') return [{ address: `\\\\.\\pipe\\${name}`, mayFail: false }];
  if (process.platform !== 'linux') return [{ address: path.join(os.tmpdir(), `${name}.sock`), mayFail: false }];
  // Through the descriptor: a socket's path has at most 107 bytes, a folder's has more.
  const inFolder = `/proc/self/fd/${descriptor}/lock`;
  return [
    { address: `\0${name}`, mayFail: false },
    { address: inFolder, mayFail: true },
  ];
};

const listen = async (address: string, folder: string): Promise<net.Server> => {
  try {
    return await bind(address);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
  }
  if (address.startsWith('\0') || (await isAnswered(address))) {
    throw new DataFolderError('in_use', `The data folder ${folder} is in use by another process.`);
  }
  fs.unlinkSync(address);
  return await bind(address);
};

const bind = (address: string): Promise<net.Server> =>
  new Promise((resolve, reject) => {
    const server = net.createServer((socket) => socket.destroy());
    server.once('error', reject);
    server.listen(address, () => {
      server.removeListener('error', reject);
      server.unref();
      resolve(server);
    });
  });

const isAnswered = (address: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = net.connect(address);
    const end = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.once('connect', () => end(true));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      end(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'),
    );
  });

const closeAll = async (servers: readonly net.Server[]): Promise<void> => {
  await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
};
