import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useBus } from './use-bus.ts';

const { chasqui, makeTopic, folder, spawn } = useBus();

describe('produce and fetch', () => {
  it('give a file back byte by byte', async () => {
    const topic = await makeTopic('bytes');
    const lines = [
      '',
      ' two  words ',
      'ends with CR\r',
      'a\u0000b',
      '"quoted" \\ \u001b[31m',
      '🏃 北京',
      '\ufeffBOM',
      'x'.repeat(100_000),
    ];
    const path = join(folder(), 'lines of text.txt');
    const bytes = Buffer.concat([Buffer.from(`${lines.join('\n')}\n`), Buffer.of(0xff, 0xfe, 0x0a)]);
    writeFileSync(path, bytes);
    const produced = await chasqui(['produce', topic, path]);
    expect(produced).toMatchObject({ code: 0, stderr: '' });
    expect(produced.stdout).toMatch(/^ +0 +9 +0 +8$/m);
    expect((await chasqui(['fetch', topic, '--values'])).stdout).toBe(bytes.toString());
  });

  it('keep every digit of JSON with --json', async () => {
    const topic = await makeTopic('digits');
    const values = ['12345678901234567890', '1.0', '{"a":1e400,"b" : [ ]}'];
    const produced = await chasqui(
      ['produce', topic, '--json-values', '--key', 'k', '--json'],
      `${values.join('\n')}\n\n`,
    );
    expect(
      produced.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toMatchObject([
      { partition: 0, offset: 0 },
      { partition: 0, offset: 1 },
      { partition: 0, offset: 2 },
    ]);
    const { stdout } = await chasqui(['fetch', topic, '--json']);
    const lines = stdout.split('\n');
    for (const [at, value] of values.entries()) expect(lines[at]).toContain(`"value":${value}`);
    expect((await chasqui(['fetch', topic, '--values'])).stdout).toBe(`${values.join('\n')}\n`);
  });

  it('take whole records, keys before a separator, headers and a partition', async () => {
    const topic = await makeTopic('forms', 2);
    await chasqui(
      ['produce', topic, '--ndjson'],
      '{"key":"a","value":1,"partition":1,"headers":{"h":"1"}}\n{"key":"b","partition":1}\n',
    );
    await chasqui(['produce', topic, '--key-separator', '=', '--header', 'x=1=2', '--partition', '0', '-'], 'k=v=w');
    const { stdout } = await chasqui(['fetch', topic, '--json']);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toMatchObject([
      { partition: 0, offset: 0, key: 'k', value: 'v=w', headers: { x: '1=2' } },
      { partition: 1, offset: 0, key: 'a', value: 1, headers: { h: '1' } },
      { partition: 1, offset: 1, key: 'b' },
    ]);
  });

  it('name the line that is wrong and store nothing of its request', async () => {
    const topic = await makeTopic('wrong');
    const outcome = await chasqui(['produce', topic, '--ndjson'], '{"value":1}\n\n{"valu":2}\n');
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toMatch(/standard input, line 3: records\[1\]/);
    const local = await chasqui(['produce', topic, '--json-values'], '1\n{\n');
    expect(local).toMatchObject({ code: 2, stderr: expect.stringContaining('line 2: It is not a JSON value.') });
    expect((await chasqui(['fetch', topic, '--json'])).stdout).toBe('');
  });

  it('make several requests of what does not fit into one', async () => {
    const topic = await makeTopic('many');
    const lines = Array.from({ length: 25_001 }, (_, i) => `line ${i}`);
    expect((await chasqui(['produce', topic], lines.join('\n'))).code).toBe(0);
    const { stdout } = await chasqui(['fetch', topic, '--all', '--values']);
    expect(stdout).toBe(`${lines.join('\n')}\n`);
  });

  it('read from an offset, a time or the end, and say where they stopped', async () => {
    const topic = await makeTopic('starts');
    const input = Array.from({ length: 600 }, (_, i) => `{"value":${i},"timestamp":${1_000 + i}}`).join('\n');
    await chasqui(['produce', topic, '--ndjson'], input);
    const values = async (...options: readonly string[]) => {
      const { stdout, stderr } = await chasqui(['fetch', topic, '--values', ...options]);
      const lines = stdout.split('\n').slice(0, -1);
      return { first: lines[0], count: lines.length, stderr };
    };
    expect(await values('--partition', '0', '--offset', '590')).toEqual({ first: '590', count: 10, stderr: '' });
    expect(await values('--timestamp', '1595')).toEqual({ first: '595', count: 5, stderr: '' });
    expect(await values('--timestamp', '1970-01-01T00:00:01.595Z')).toMatchObject({ first: '595' });
    expect(await values('--tail', '3')).toEqual({ first: '597', count: 3, stderr: '' });
    expect(await values('--from', 'latest')).toMatchObject({ count: 0 });
    expect(await values('--limit', '7')).toEqual({ first: '0', count: 7, stderr: '' });
    expect(await values()).toEqual({ first: '0', count: 500, stderr: expect.stringContaining('--all') });
    expect(await values('--all')).toEqual({ first: '0', count: 600, stderr: '' });
  });

  it('show people a table in which a record cannot steer the terminal', async () => {
    const topic = await makeTopic('table');
    await chasqui(['produce', topic, '--key', 'k'], '\u001b[2Jgone\n');
    const { stdout } = await chasqui(['fetch', topic]);
    expect(stdout).toMatch(/^PARTITION {2}OFFSET {2}TIME +KEY {2}VALUE\n +0 +0 {2}\S+Z {2}k +\\u001b\[2Jgone\n$/);
  });

  it('end quietly when the reader of a pipe has seen enough', async () => {
    const topic = await makeTopic('pipe');
    const input = Array.from({ length: 9_000 }, () => 'x'.repeat(300)).join('\n');
    await chasqui(['produce', topic], input);
    const child = spawn(['fetch', topic, '--all', '--json']);
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });
  });
});
