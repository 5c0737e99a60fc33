import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useBus } from './use-bus.ts';

const BIN = fileURLToPath(new URL('../../cli/chasqui.mjs', import.meta.url));
const page = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');
const steps = [...page.matchAll(/```sh\n([\s\S]*?)```\s*```text\n([\s\S]*?)```/g)];

/** `npx chasqui` without npx, whose own start is slow. A reader sees standard error too, and commands that fail. */
const scriptOf = (command: string): string => `npx() { shift; node "$BIN" "$@"; }\n{ ${command}\n} 2>&1\ntrue`;

/** What differs from run to run, by something as wide. */
const sameEveryTime = (text: string): string =>
  text
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')
    .replaceAll(/"timestamp":\d+/g, '"timestamp":0')
    .replaceAll(/chq_acme_\w{40,}/g, 'SECRET')
    .replaceAll(/\(request [^)]+\)/g, '(request)');

describe('docs/cli.md', () => {
  const { bus } = useBus();
  let home: string;
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'chasqui-home-'));
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it('shows what its commands say', async () => {
    expect(steps.length).toBeGreaterThan(8);
    const { PATH } = process.env;
    const { url, key, operatorKey } = bus();
    const env = { PATH, BIN, HOME: home, CHASQUI_URL: url, CHASQUI_KEY: key, OPERATOR_KEY: operatorKey };
    for (const [, command = '', shown = ''] of steps) {
      const { stdout } = await promisify(execFile)('bash', ['--norc', '-c', scriptOf(command)], { env });
      expect(sameEveryTime(stdout.replaceAll(home, '/home/you')), command).toBe(sameEveryTime(shown));
    }
  });
});
