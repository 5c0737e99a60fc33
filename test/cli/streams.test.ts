import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { useBus } from './use-bus.ts';

const { chasqui, makeTopic, spawn } = useBus();

describe('tail -f', () => {
  it('shows the last records, then new ones as they come, and ends at Ctrl-C', async () => {
    const topic = await makeTopic('tail', 3);
    await chasqui(['produce', topic, '--key-separator', ':'], 'a:1\nb:2\nc:3\n');
    const child = spawn(['tail', topic, '-f', '-n', '1', '--values']);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    expect((await lines.next()).value).toMatch(/^[123]$/);
    await chasqui(['produce', topic, '--key-separator', ':'], 'a:4\n');
    expect((await lines.next()).value).toBe('4');
    await chasqui(['produce', topic, '--key-separator', ':'], 'b:5\n');
    expect((await lines.next()).value).toBe('5');
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([null, 'SIGINT']);
  });
});

describe('produce from a pipe that stays open', () => {
  it('sends what has come without waiting for more, and says at Ctrl-C what is stored', async () => {
    const topic = await makeTopic('open-pipe');
    const child = spawn(['produce', topic, '--json']);
    child.stdin.write('one\n');
    const results = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    expect(JSON.parse((await results.next()).value as string)).toMatchObject({ offset: 0 });
    child.kill('SIGINT');
    const [stderr] = (await once(child.stderr, 'data')) as [Buffer];
    expect(stderr.toString()).toMatch(/^Interrupted\. Stored: 1;/);
    expect(await once(child, 'exit')).toEqual([130, null]);
  });
});
