import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NOWHERE, useBus } from './use-bus.ts';

const { bus, chasqui } = useBus();

/** A disk that is always full, where the system has one. */
const FULL = '/dev/full';

describe('exit codes and errors', () => {
  it.each([
    [2, 'usage', ['topics', 'get']],
    [2, 'usage', ['no-such-command']],
    [2, 'usage', ['topics', 'get', 'a b']],
    [2, 'usage', ['topics', 'list', '--no-such-option']],
    [2, 'usage', ['topics', 'delete', 'orders']],
    [2, 'usage', ['fetch', 'orders', '--offset', '3']],
    [2, 'invalid_request', ['topics', 'create', 'too-many', '--partitions', '5000']],
    [3, 'topic_not_found', ['topics', 'get', 'no-such-topic']],
    [3, 'topic_not_found', ['fetch', 'no-such-topic']],
    [4, 'unauthenticated', ['topics', 'list', '--api-key', 'chq_forged']],
    [4, 'forbidden', ['tenants', 'list']],
    [5, 'connection_failed', ['whoami', '--url', NOWHERE, '--api-key', 'k']],
  ])('are %i and %s on standard error for %j', async (code, name, args) => {
    const outcome = await chasqui(args);
    expect(outcome).toMatchObject({ code, stdout: '' });
    expect(outcome.stderr).toMatch(new RegExp(`^chasqui: ${name}: \\S`));
  });

  it('come as an object with --json', async () => {
    const { code, stderr } = await chasqui(['topics', 'get', 'no-such-topic', '--json']);
    expect(JSON.parse(stderr)).toMatchObject({
      code: 'topic_not_found',
      status: 404,
      retryable: false,
      exitCode: code,
    });
  });

  it('are 0 for help and version, and 2 for a command that lacks its second word', async () => {
    expect(await chasqui(['--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('Exit codes:') });
    expect(await chasqui(['--version'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
    expect(await chasqui(['topics'])).toMatchObject({ code: 2, stdout: '' });
  });

  it.skipIf(!existsSync(FULL))('are one line where the output cannot be written', () => {
    const { url, key } = bus();
    const full = openSync(FULL, 'w');
    const { PATH } = process.env;
    const env = { PATH, XDG_CONFIG_HOME: '/nonexistent', CHASQUI_URL: url, CHASQUI_KEY: key };
    const { status, stderr } = spawnSync(process.execPath, ['cli/chasqui.mjs', 'topics', 'list'], {
      env,
      stdio: ['ignore', full, 'pipe'],
    });
    closeSync(full);
    expect({ status, stderr: stderr.toString() }).toEqual({
      status: 1,
      stderr: 'chasqui: output_failed: The output cannot be written (ENOSPC).\n',
    });
  });
});
