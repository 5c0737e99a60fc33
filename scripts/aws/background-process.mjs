/**
 * Servers that outlive the script which starts them: one file each under .build/aws says who runs where. Starting one that runs and
 * stopping one that does not are both fine.
 */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const BUILD = fileURLToPath(new URL('../../.build', import.meta.url));
const RUNNING = join(BUILD, 'aws');
const LOOK_EVERY_MS = 100;
const START_TIMEOUT_MS = 60_000;
/** A container takes its time. */
const STOP_TIMEOUT_MS = 15_000;
const HOST = '127.0.0.1';

/** An error whose message is all that a user has to read. */
export class SetupError extends Error {}

const fileOf = (name) => join(RUNNING, `${name}.json`);

const commandOf = (pid) =>
  spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? '';

/** Of a server that runs: process ids are used again, so the command has to be the one that was started. */
export const findRunning = (name) => {
  try {
    const record = JSON.parse(readFileSync(fileOf(name), 'utf8'));
    return commandOf(record.pid).includes(record.mark) ? record : undefined;
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
};

const isFree = (port) =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, HOST, () => probe.close(() => resolve(true)));
  });

const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, HOST, () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

/** The usual port where it is free, else any. */
export const portFor = async (usual) => ((await isFree(usual)) ? usual : freePort());

const answers = async (url) => {
  try {
    await fetch(url, { signal: AbortSignal.timeout(1000) });
    return true;
  } catch {
    return false;
  }
};

const lastLines = (path) => readFileSync(path, 'utf8').trim().split('\n').slice(-5).join('\n');

const remove = (folder) => rmSync(folder, { recursive: true, force: true });

/**
 * Starts `command` in the background and waits until `readyUrl` answers anything. `mark` is a part of its command line by which it is
 * known again. Its temporary files are in a folder of their own, which goes when it is stopped: emulators leave some behind.
 */
export const startInBackground = async ({
  name,
  command,
  args,
  env,
  endpoint,
  readyUrl,
  mark,
  startTimeoutMs = START_TIMEOUT_MS,
}) => {
  mkdirSync(RUNNING, { recursive: true });
  const log = join(RUNNING, `${name}.log`);
  const output = openSync(log, 'w');
  const temporary = mkdtempSync(join(tmpdir(), 'chasqui-aws-'));
  const child = spawn(command, args, {
    detached: true,
    stdio: ['ignore', output, output],
    env: { ...process.env, TMPDIR: temporary, ...env },
  });
  closeSync(output);
  let failure;
  child.once('error', (error) => {
    failure = error.message;
  });
  child.once('exit', (code, signal) => {
    failure ??= `it ended at once (${signal ?? code})`;
  });
  for (const deadline = Date.now() + startTimeoutMs; !(await answers(readyUrl)); await sleep(LOOK_EVERY_MS)) {
    if (Date.now() > deadline) failure ??= `nothing answers at ${readyUrl}`;
    if (failure === undefined) continue;
    if (child.pid !== undefined && child.exitCode === null) child.kill('SIGKILL');
    remove(temporary);
    throw new SetupError(`${name} did not start: ${failure}.\n${lastLines(log)}`);
  }
  child.unref();
  const record = { name, pid: child.pid, endpoint, mark, temporary };
  writeFileSync(fileOf(name), JSON.stringify(record));
  return record;
};

/** True when it ran. */
export const stopInBackground = async (name) => {
  const record = findRunning(name);
  if (record !== undefined) {
    process.kill(record.pid, 'SIGTERM');
    for (const deadline = Date.now() + STOP_TIMEOUT_MS; findRunning(name) !== undefined; await sleep(LOOK_EVERY_MS)) {
      if (Date.now() > deadline) process.kill(record.pid, 'SIGKILL');
    }
    // Absent where an older version has started it.
    if (record.temporary !== undefined) remove(record.temporary);
  }
  rmSync(fileOf(name), { force: true });
  return record !== undefined;
};
