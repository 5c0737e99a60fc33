import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { createClient } from '../../client/client.ts';

export interface Bus {
  readonly url: string;
  /** Of the tenant `dev`. */
  readonly key: string;
  readonly operatorKey: string;
  /** Stops it and removes its folder. */
  readonly stop: () => Promise<void>;
}

/** Variables of the server's environment. */
export type Settings = Readonly<Record<string, string>>;

const PATIENCE_MS = 10_000;

/** The caller's own settings are for another bus. */
const environmentFor = (folder: string, settings: Settings): NodeJS.ProcessEnv => {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('CHASQUI_'));
  const own = { CHASQUI_PORT: '0', CHASQUI_DATA: folder, CHASQUI_LOG: 'error' };
  return { ...Object.fromEntries(others), ...own, ...settings };
};

/** What it prints at its first start: where it is, and the keys of the operator and of the tenant `dev`. */
const readGreeting = async (output: Readable): Promise<{ readonly url: string; readonly keys: readonly string[] }> => {
  const keys = new Set<string>();
  let url: string | undefined;
  for await (const line of createInterface({ input: output })) {
    url ??= /https?:\/\/[^\s/]+/.exec(line)?.[0];
    for (const key of line.match(/chq_\S+/g) ?? []) keys.add(key);
    if (url !== undefined && keys.size === 2) return { url, keys: [...keys] };
  }
  throw new Error('The bus ended before it could be used.');
};

/** Which key is whose, the server knows best. */
const tellApart = async (url: string, keys: readonly string[]): Promise<Pick<Bus, 'key' | 'operatorKey'>> => {
  const owners = await Promise.all(keys.map((key) => createClient({ url, key }).whoami()));
  const ownedBy = (kind: string) => keys[owners.findIndex((owner) => owner.kind === kind)] ?? '';
  return { key: ownedBy('tenant'), operatorKey: ownedBy('operator') };
};

const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  child.kill('SIGTERM');
  await ended;
  clearTimeout(timer);
};

/** The bus of `npm start`, on a free port and a folder of its own. It ends with this process, however that ends. */
export const startBus = async (startScript: string, settings: Settings = {}): Promise<Bus> => {
  const folder = mkdtempSync(join(tmpdir(), 'chasqui-demo-'));
  const child = spawn(process.execPath, [startScript], {
    env: environmentFor(folder, settings),
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const stop = async () => {
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const { url, keys } = await readGreeting(child.stdout as Readable);
    child.stdout?.resume();
    return { url, ...(await tellApart(url, keys)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
};
