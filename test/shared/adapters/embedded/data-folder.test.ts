import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataFolderError } from '../../../../shared/adapters/embedded/folder/data-folder-error.ts';
import { ACME, TOPIC } from '../../../support/index-fixtures.ts';
import { append, readNumbers } from './support/journal-fixture.ts';
import { makeTestFolder, openAt, removeTestFolder } from './support/test-folder.ts';

let parent: string;
let folder: string;

beforeEach(() => {
  parent = makeTestFolder();
  folder = path.join(parent, 'data');
});
afterEach(() => removeTestFolder(parent));

const refusalOf = async (at: string): Promise<DataFolderError> => {
  const error = await openAt(at).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DataFolderError);
  expect((error as Error).message).not.toContain('\n');
  return error as DataFolderError;
};

/** A folder with one record. */
const fill = async (): Promise<void> => {
  const stores = await openAt(folder);
  await stores.offsets.createPartitions(ACME, TOPIC, 0, 1);
  await append(stores, 7);
  await stores.close();
};

const expectIntact = async (): Promise<void> => {
  const stores = await openAt(folder);
  expect(await readNumbers(stores)).toEqual([7]);
  await stores.close();
};

describe('the data folder', () => {
  it('is made for its owner alone, with the number of its format', async () => {
    await fill();
    expect(fs.statSync(folder).mode & 0o777).toBe(0o700);
    expect(fs.readFileSync(path.join(folder, 'VERSION'), 'utf8')).toBe('2\n');
    expect(fs.readdirSync(folder).sort()).toEqual(['VERSION', 'index', 'journal']);
    const [log] = fs.readdirSync(path.join(folder, 'journal'));
    expect(fs.statSync(path.join(folder, 'journal', log!)).mode & 0o077).toBe(0);
  });

  it('is refused while another owner has it, and free again when that one is done', async () => {
    const stores = await openAt(folder);
    expect((await refusalOf(folder)).reason).toBe('in_use');
    fs.symlinkSync(folder, path.join(parent, 'link'));
    expect((await refusalOf(path.join(parent, 'link'))).reason).toBe('in_use');
    await stores.close();
    await fill();
    await expectIntact();
  });

  it('is taken over from an owner that died and left its socket', async () => {
    await fill();
    const socket = path.join(folder, 'lock');
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(path.join(parent, 'dead'), resolve));
    fs.linkSync(path.join(parent, 'dead'), socket);
    await new Promise((resolve) => server.close(resolve));
    expect(fs.existsSync(socket)).toBe(true);
    await expectIntact();
  });

  it('is refused when a process answers at its socket, wherever that runs', async () => {
    await fill();
    const server = net.createServer((connection) => connection.destroy());
    await new Promise<void>((resolve) => server.listen(path.join(folder, 'lock'), resolve));
    expect((await refusalOf(folder)).reason).toBe('in_use');
    await new Promise((resolve) => server.close(resolve));
    await expectIntact();
  });

  it('may have a path longer than a socket can', async () => {
    folder = path.join(parent, 'a'.repeat(100), 'b'.repeat(100));
    await fill();
    await expectIntact();
  });

  it('is refused when a newer program wrote it, and not touched', async () => {
    await fill();
    fs.writeFileSync(path.join(folder, 'VERSION'), '3\n');
    const refusal = await refusalOf(folder);
    expect(refusal.reason).toBe('newer_version');
    expect(refusal.message).toContain('format 3');
    fs.writeFileSync(path.join(folder, 'VERSION'), '2\n');
    await expectIntact();
  });

  it('is taken over from an older program, which does not open it any more', async () => {
    await fill();
    fs.writeFileSync(path.join(folder, 'VERSION'), '1\n');
    await expectIntact();
    expect(fs.readFileSync(path.join(folder, 'VERSION'), 'utf8')).toBe('2\n');
    await expectIntact();
  });

  it('is refused where it cannot be written', async () => {
    fs.writeFileSync(folder, 'a file');
    for (const at of [folder, path.join(folder, 'below'), '/proc/chasqui']) {
      const refusal = await refusalOf(at);
      expect(refusal.reason).toBe('not_writable');
      expect(refusal.message).toContain(at);
    }
  });

  it('is refused when parts of it are gone, and never begun anew over what is left', async () => {
    await fill();
    const whole = path.join(parent, 'whole');
    fs.cpSync(folder, whole, { recursive: true });
    for (const part of ['VERSION', 'index', 'journal', 'index/data.mdb']) {
      removeTestFolder(folder);
      fs.cpSync(whole, folder, { recursive: true });
      removeTestFolder(path.join(folder, part));
      expect((await refusalOf(folder)).reason, part).toBe('damaged');
    }
    fs.writeFileSync(path.join(folder, 'VERSION'), 'one\n');
    expect((await refusalOf(folder)).reason).toBe('damaged');
  });

  it('is refused when the index changed since it was closed, until somebody says that it may be', async () => {
    await fill();
    const index = path.join(folder, 'index/data.mdb');
    const bytes = fs.readFileSync(index);
    bytes[bytes.length - 1]! ^= 1;
    fs.writeFileSync(index, bytes);
    const refusal = await refusalOf(folder);
    expect(refusal.reason).toBe('damaged');
    expect(refusal.message).toContain('index/data.mdb');
    expect((await refusalOf(folder)).reason).toBe('damaged');
    fs.rmSync(path.join(folder, 'index/data.mdb.crc'));
    await expectIntact();
  });

  it('is begun again when making it was interrupted before anything was stored', async () => {
    await (await openAt(folder)).close();
    fs.rmSync(path.join(folder, 'VERSION'));
    await fill();
    await expectIntact();
  });
});
