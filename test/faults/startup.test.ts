import { spawnSync } from 'node:child_process';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeTopic, must, produce, readPartition } from '../support/bus.ts';
import { Http } from '../support/http.ts';
import { type Exit, makeFolder, printedKeys, ServerProcess, spawnServer } from '../support/server-process.ts';

describe('a server that cannot start', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await makeFolder();
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const fail = async (settings: Readonly<Record<string, string>>): Promise<Exit> => {
    const running = spawnServer({ CHASQUI_PORT: '0', CHASQUI_DATA: folder, ...settings });
    const late = setTimeout(() => running.signal('SIGKILL'), 15_000);
    const exit = await running.exited;
    clearTimeout(late);
    return exit;
  };

  /** One clear line and exit 1. */
  const expectOneLine = (exit: Exit, about: RegExp): void => {
    expect(exit.code, exit.output).toBe(1);
    const lines = exit.output.split('\n').filter((line) => line.trim() !== '');
    expect(lines, exit.output).toHaveLength(1);
    expect(lines[0]).toMatch(about);
    expect(lines[0]).not.toMatch(/ {4}at |node:internal|\[object/);
  };

  it('says that the port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => taken.once('listening', done));
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? String(address.port) : '';
    expectOneLine(await fail({ CHASQUI_PORT: port }), new RegExp(port));
    taken.close();
    // The first start that works is the first start: it has to show the keys.
    const server = await ServerProcess.start({ dataFolder: folder });
    expect(server.devKey).toMatch(/^chq_/);
    await server.kill();
  });

  it('says that the folder is in use, and does not disturb who uses it', async () => {
    const server = await ServerProcess.start({ dataFolder: folder });
    const http = new Http(server.baseUrl);
    const api = http.as(server.devKey);
    const { name: topic } = await makeTopic(api);
    await produce(api, topic, [{ value: 'before' }]);
    expectOneLine(await fail({}), new RegExp(folder));
    await produce(api, topic, [{ value: 'after' }]);
    expect((await readPartition(api, topic, 0)).map(({ value }) => value)).toEqual(['before', 'after']);
    http.close();
    await server.stop();
  });

  it('says that the folder is a file', async () => {
    const file = join(folder, 'file');
    await writeFile(file, 'precious');
    expectOneLine(await fail({ CHASQUI_DATA: file }), /file/);
    expect(await readFile(file, 'utf8')).toBe('precious');
  });

  it.each(['/sys/chasqui', '/dev/null/chasqui', '/proc/chasqui/data'])(
    'says that the folder cannot be made: %s',
    async (path) => {
      expectOneLine(await fail({ CHASQUI_DATA: path }), new RegExp(path));
    },
  );

  it.each([
    { CHASQUI_POTR: '4000' },
    { CHASQUI_PORT: 'http' },
    { CHASQUI_PORT: '-1' },
    { CHASQUI_ZONES: 'many' },
    { CHASQUI_LOG: 'loud' },
    { CHASQUI_HOST: '203.0.113.7' },
  ])('names a setting that it does not understand: %o', async (settings) => {
    const [name = ''] = Object.keys(settings);
    const said = name === 'CHASQUI_HOST' ? /203\.0\.113\.7/ : new RegExp(name);
    expectOneLine(await fail(settings as unknown as Record<string, string>), said);
  });

  it('says that a newer version wrote the folder', async () => {
    const server = await ServerProcess.start({ dataFolder: folder });
    await server.stop();
    const changed = await raiseVersion(folder);
    expect(changed, `no version was found in ${folder}`).not.toBe('');
    expectOneLine(await fail({}), /newer|version/i);
  });
});

/** The folder's format is its own affair, but for a file that says its version in plain text. */
const raiseVersion = async (folder: string): Promise<string> => {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (!/version|format|meta/i.test(name) || !(await stat(path)).isFile()) continue;
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace(/\d+/, '999'));
    return path;
  }
  return '';
};

describe('the first start', () => {
  let server: ServerProcess;
  afterEach(() => server.cleanup());

  it('makes an operator key, keeps it to itself, and shows it once', async () => {
    const folder = await makeFolder();
    server = await ServerProcess.start({ dataFolder: folder, operatorKey: null });
    const [operatorKey = '', devKey = ''] = printedKeys(server.running.stdout);
    const http = new Http(server.baseUrl);
    expect(must(await http.as(operatorKey).get('/v1/whoami'), 200).json()).toMatchObject({ kind: 'operator' });
    expect(must(await http.as(devKey).get('/v1/whoami'), 200).json()).toMatchObject({ kind: 'tenant', tenant: 'dev' });
    // Until then files come and go under names that they do not keep.
    await expect.poll(() => readdir(folder)).toContain('first-start-done');
    const modes = await Promise.all(
      (await readdir(folder)).map(async (name) => [name, (await stat(join(folder, name))).mode & 0o077] as const),
    );
    const holders = [];
    for (const [name, others] of modes) {
      const path = join(folder, name);
      if ((await stat(path)).isFile() && (await readFile(path, 'latin1')).includes(operatorKey))
        holders.push([name, others]);
    }
    expect(holders).toEqual([[expect.any(String), 0]]);
    await server.stop();
    await server.restart();
    expect(server.output).not.toContain('chq_');
    const again = new Http(server.baseUrl);
    must(await again.as(operatorKey).get('/v1/whoami'), 200);
    must(await again.as(devKey).get('/v1/whoami'), 200);
    http.close();
    again.close();
  });

  it.each(['0.0.0.0', '::1'])('listens on %s, and prints an address that works', async (host) => {
    server = await ServerProcess.start({ settings: { CHASQUI_HOST: host } });
    const http = new Http(server.baseUrl);
    must(await http.as(server.devKey).get('/v1/topics'), 200);
    http.close();
  });

  it('prints curl lines that work when pasted', async () => {
    server = await ServerProcess.start();
    const lines = server.running.stdout
      .replaceAll('\\\n', ' ')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line.startsWith('curl '));
    expect(lines).toHaveLength(3);
    if (spawnSync('curl', ['--version']).status !== 0) return;
    const outputs = lines.map((line) => {
      const { stdout, stderr, status } = spawnSync('sh', ['-c', line], { encoding: 'utf8' });
      expect(status, `${line}\n${stderr}`).toBe(0);
      return stdout;
    });
    expect(outputs[0]).toContain('"partitions"');
    expect(outputs[1]).toContain('"offset":0');
    expect(outputs[2]).toMatch(/"offset":0.*"value":"hello"/);
  });

  it('makes its folder, with parents', async () => {
    const base = await makeFolder();
    const folder = join(base, 'a', 'b c', 'ď');
    server = await ServerProcess.start({ dataFolder: folder });
    expect(await readdir(folder)).not.toEqual([]);
    await server.stop();
    await rm(base, { recursive: true, force: true });
  });

  it('after kill -9 does not take its own lock for somebody else', async () => {
    server = await ServerProcess.start();
    for (let turn = 0; turn < 2; turn += 1) {
      await server.kill();
      await server.restart();
    }
    const http = new Http(server.baseUrl);
    must(await http.as(server.devKey).get('/v1/topics'), 200);
    http.close();
  });
});
