import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { followPartition } from '../../cli/records/follow.ts';
import { createClient } from '../../client/client.ts';
import { useBus } from './use-bus.ts';

const { bus, chasqui, makeTopic, spawn } = useBus();

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

describe('tail -f of a partition', () => {
  it('goes on at the log start, and says so, where records have gone before they were read', async () => {
    const topic = await makeTopic('trimmed');
    await chasqui(['produce', topic], '0\n1\n2\n');
    const client = createClient({ url: bus().url, key: bus().key });
    await client.topics.deleteRecords(topic, 0, 2);
    const follow = followPartition(client, topic, 0, 1);
    const { value } = await follow.next();
    expect(Buffer.from(value ?? '').toString()).toMatch(/^\{"offset":2,.*"value":"2".*\}\n$/);
    await follow.return(undefined as never);
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

describe('produce whose output nobody reads any more', () => {
  it('says how much is stored and fails, since the rest of the input is not', async () => {
    const topic = await makeTopic('closed-output');
    const child = spawn(['produce', topic, '--json']);
    const stderr: Buffer[] = [];
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.stdin.write('one\n');
    await once(child.stdout, 'data');
    child.stdout.destroy();
    child.stdin.write('two\n');
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(Buffer.concat(stderr).toString()).toMatch(/^The output cannot be written \(EPIPE\)\. Stored: 2;/);
  });
});
