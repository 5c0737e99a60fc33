import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServerProcess } from '../support/server-process.ts';

const page = readFileSync(new URL('../../docs/tour.md', import.meta.url), 'utf8');
const steps = [...page.matchAll(/```sh\n([\s\S]*?)```\s*```json\n([\s\S]*?)```/g)].map(
  ([, command = '', answer = '']) => ({
    command,
    answer,
  }),
);

/** What differs from run to run: times, ids, and texts that the page leaves out. */
const PLACEHOLDERS: readonly [pattern: RegExp, text: string][] = [
  [/"timestamp": ?\d{13}/g, '"timestamp":0'],
  [/"createdAt": ?"[^"]*"/g, '"createdAt":""'],
  [/"(id|instance|detail)": ?"[^"]*"/g, '"$1":""'],
];

/** Space between tokens is of no matter, every digit of a number is: so no parser looks at these. */
const normalise = (json: string): string =>
  PLACEHOLDERS.reduce((text, [pattern, replacement]) => text.replaceAll(pattern, replacement), json)
    .replaceAll(/\s*([{}[\]:,])\s*/g, '$1')
    .trim();

describe('docs/tour.md', () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await ServerProcess.start();
  });
  afterAll(() => server.cleanup());

  it('answers every command as the page says', async () => {
    expect(steps.length).toBeGreaterThan(5);
    const env = { ...process.env, URL: server.baseUrl, KEY: server.devKey };
    for (const { command, answer } of steps) {
      const { stdout } = await promisify(execFile)('bash', ['-euc', command], { env });
      expect(normalise(stdout), command).toBe(normalise(answer));
    }
  });
});
