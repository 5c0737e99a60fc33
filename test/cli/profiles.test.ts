import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandLine } from './command-line.ts';
import { NOWHERE, useBus } from './use-bus.ts';

const { bus, folder } = useBus();

describe('profiles', () => {
  it('are kept in a file for its owner only, and used', async () => {
    const home = join(folder(), 'config home');
    const profiled = commandLine({ XDG_CONFIG_HOME: home });
    expect((await profiled(['whoami'])).code).toBe(4);
    const set = await profiled(['profile', 'set', 'local', '--url', bus().url, '--api-key', '-'], `${bus().key}\n`);
    expect(set).toMatchObject({ code: 0, stdout: '' });
    const path = join(home, 'chasqui', 'config.json');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect((await profiled(['whoami'])).stdout).toMatch(/tenant +dev/);

    await profiled(['profile', 'set', 'nowhere', '--url', NOWHERE, '--api-key', 'k']);
    const list = await profiled(['profile', 'list']);
    expect(list.stdout).toMatch(/^\* +local +chq_/m);
    expect(list.stdout).not.toContain(bus().key);
    expect((await profiled(['whoami', '--profile', 'nowhere'])).code).toBe(5);
    await profiled(['profile', 'use', 'nowhere']);
    expect((await profiled(['whoami'])).code).toBe(5);
    expect((await profiled(['profile', 'use', 'unknown'])).code).toBe(2);
    expect((await profiled(['profile', 'delete', 'nowhere'])).code).toBe(0);
    expect((await profiled(['whoami'])).code).toBe(4);
  });
});
