import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const DEMO = fileURLToPath(new URL('../../scripts/demo.mjs', import.meta.url));

/** A place for temporary folders of its own: others may run the demo at the same time. */
const temporary = mkdtempSync(join(tmpdir(), 'chasqui-test-demo-'));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

const runDemo = async (...args: readonly string[]) => {
  const env = { ...process.env, TMPDIR: temporary };
  const child = spawn(process.execPath, [DEMO, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
  let output = '';
  const add = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on('data', add);
  child.stderr.on('data', add);
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
};

const folders = () => readdirSync(temporary).filter((name) => name.startsWith('chasqui-demo-'));

describe('npm run demo', () => {
  it('sends 20,000 flights there and back, and leaves nothing', async () => {
    const { code, output } = await runDemo();
    expect(output).toMatch(/^produced +20,000 records in \d+\.\d\d s .*records\/s +p50 .*p99 /m);
    expect(output).toMatch(/^fetched +60,000 records /m);
    expect(output).toMatch(/^consumed +2\d,\d{3} records /m);
    expect(output).toMatch(/^pushed +\d,\d{3} records in \d+\.\d\d s +[\d,]+ records\/s$/m);
    expect(output).toMatch(/^ {2}amaru +[\d,]+ records, then killed$/m);
    for (const check of [
      'every flight was handled',
      'each member in order',
      'nothing again that was committed',
      'no lag',
      'every one was delivered',
      'every signature is good',
      'delivered in order per key',
      'every body unchanged',
    ]) {
      expect(output).toContain(`✓ ${check}\n`);
    }
    for (const check of ['nothing missing', 'nothing doubled', 'in order per key', 'the topic is deleted again']) {
      expect(output).toContain(`✓ ${check}\n`);
    }
    expect(output).toContain('1. DFW  1,103\n  2. ORD  1,095\n  3. ATL  846\n  4. LAX  777\n  5. PHX  633\n');
    expect(output).toMatch(/All checks passed\.\n$/);
    expect(code).toBe(0);
    expect(folders()).toEqual([]);
  });

  it('fails where it cannot work, and tells wrong usage', async () => {
    const nowhere = await runDemo('--url', 'http://127.0.0.1:2', '--key', 'k');
    expect(nowhere).toMatchObject({ code: 1, output: expect.stringContaining('demo: connection_failed') });
    expect(await runDemo('--url', 'http://127.0.0.1:2')).toMatchObject({ code: 2 });
    expect(await runDemo('--portt', '1')).toMatchObject({ code: 2 });
  });
});
