import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createClient } from '../../client/client.ts';
import { useBus } from './use-bus.ts';

const cli = useBus();

const client = () => createClient({ url: cli.bus().url, key: cli.bus().key });

const fill = async (topic: string, values: readonly unknown[], partitions = 1): Promise<void> => {
  await cli.makeTopic(topic, partitions);
  const records = values.map((value, at) => ({ value, partition: at % partitions }));
  await client().produce(topic, records);
};

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('chasqui consume', () => {
  it('gives each batch to a command, and commits what it has handled', async () => {
    await fill('handled', [1, 2, 3, 4], 2);
    const file = join(cli.folder(), 'handled.txt');
    const args = ['consume', '--group', 'g1', '--topics', 'handled', '--once', '--exec', `cat >> "${file}"`];
    const outcome = await cli.chasqui(args);
    expect(outcome).toMatchObject({ code: 0, stdout: '' });
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    const values = lines.map((line) => (JSON.parse(line) as { value: number }).value);
    expect(values.sort()).toEqual([1, 2, 3, 4]);
    const group = await client().groups.get('g1');
    expect(group).toMatchObject({ lag: 0, members: [] });
    expect((await cli.chasqui(['consume', '--group', 'g1', '--topics', 'handled', '--once'])).stdout).toBe('');
  });

  it('commits nothing of what its command has failed at', async () => {
    await fill('failed', [1]);
    const args = ['consume', '--group', 'g2', '--topics', 'failed', '--once'];
    const outcome = await cli.chasqui([...args, '--exec', 'cat >/dev/null; exit 3']);
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain('ended with 3');
    expect(await client().groups.get('g2')).toMatchObject({ lag: 1, members: [] });
    expect((await cli.chasqui([...args, '--values'])).stdout).toBe('1\n');
  });

  it('passes every digit on', async () => {
    await cli.makeTopic('digits');
    await client().produceNdjson('digits', '{"value":{"n":12345678901234567890.10}}\n');
    const args = ['consume', '--group', 'g3', '--topics', 'digits', '--once', '--json'];
    expect((await cli.chasqui(args)).stdout).toContain('12345678901234567890.10');
  });

  it('ends with its work done when it is told to', async () => {
    await fill('until-told', [1]);
    const file = join(cli.folder(), 'told.txt');
    const child = cli.spawn(['consume', '--group', 'g4', '--topics', 'until-told', '--exec', `cat > "${file}"`]);
    const closed = new Promise((resolve) => child.once('close', resolve));
    for (;;) {
      const group = await client()
        .groups.get('g4')
        .catch(() => undefined);
      if (group?.partitions[0]?.committedOffset === 1) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    child.kill('SIGTERM');
    expect(await closed).toBe(0);
    expect(await client().groups.get('g4')).toMatchObject({ lag: 0, members: [] });
  });
});

describe('chasqui consume that is told twice to stop', () => {
  it('ends at once, and its command with it, and commits nothing', async () => {
    await fill('told-twice', [1]);
    const file = join(cli.folder(), 'twice.txt');
    const exec = `echo $$ > "${file}"; sleep 30`;
    const child = cli.spawn(['consume', '--group', 'g7', '--topics', 'told-twice', '--exec', exec]);
    const closed = new Promise((resolve) => child.once('close', resolve));
    const pause = () => new Promise((resolve) => setTimeout(resolve, 20));
    while (!existsSync(file) || readFileSync(file, 'utf8') === '') await pause();
    const pid = Number(readFileSync(file, 'utf8'));
    child.kill('SIGINT');
    // Two signals that are sent at once are one.
    for (let n = 0; n < 10; n += 1) await pause();
    child.kill('SIGINT');
    expect(await closed).toBe(130);
    while (isAlive(pid)) await pause();
    expect(await client().groups.get('g7')).toMatchObject({ lag: 1 });
  });
});

describe('chasqui consume of several topics', () => {
  it('names the topic of each record', async () => {
    await fill('first', ['a']);
    await fill('second', ['b']);
    const { stdout } = await cli.chasqui(['consume', '--group', 'g6', '--topics', 'first,second', '--once']);
    expect(stdout).toMatch(/^TOPIC +PARTITION +OFFSET/);
    expect(stdout).toMatch(/^first +0 +0 .* a$/m);
    expect(stdout).toMatch(/^second +0 +0 .* b$/m);
  });
});

describe('chasqui groups', () => {
  it('lists, describes, moves and deletes', async () => {
    await fill('moved', [1, 2, 3]);
    await cli.chasqui(['consume', '--group', 'g5', '--topics', 'moved', '--once', '--values']);
    expect((await cli.chasqui(['groups', 'list'])).stdout).toContain('g5');
    expect((await cli.chasqui(['groups', 'describe', 'g5'])).stdout).toMatch(/moved +0 +3 +3 +0 +-/);
    const seek = ['groups', 'seek', 'g5', '--topic', 'moved', '--to', 'offset:1'];
    expect((await cli.chasqui([...seek, '--dry-run'])).stderr).toContain('Nothing was changed.');
    const beyond = await cli.chasqui(['groups', 'seek', 'g5', '--topic', 'moved', '--to', 'offset:4']);
    expect(beyond).toMatchObject({ code: 1, stderr: expect.stringContaining('Partition 0 of moved has no offset 4') });
    const sought = await cli.chasqui([...seek, '--json']);
    expect(JSON.parse(sought.stdout)).toEqual([{ topic: 'moved', partition: 0, from: 3, to: 1 }]);
    const described = await cli.chasqui(['groups', 'describe', 'g5', '--json']);
    expect(JSON.parse(described.stdout)).toMatchObject({ group: 'g5', lag: 2 });
    expect((await cli.chasqui(['groups', 'delete', 'g5'])).code).toBe(2);
    expect((await cli.chasqui(['groups', 'delete', 'g5', '--yes'])).code).toBe(0);
    expect((await cli.chasqui(['groups', 'describe', 'g5'])).code).toBe(3);
  });
});
