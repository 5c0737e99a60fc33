import { describe, expect, it } from 'vitest';
import { useBus } from './use-bus.ts';

const { chasqui, operator, makeTopic } = useBus();

describe('topics', () => {
  it('are made, listed, changed and deleted', async () => {
    expect((await chasqui(['topics', 'create', 'life', '--partitions', '2'])).code).toBe(0);
    const list = await chasqui(['topics', 'list']);
    expect(list.stdout).toMatch(/^PARTITIONS +RETENTION MS +CREATED +TOPIC\n/);
    expect(list.stdout).toMatch(/^ +2 +604800000 +\S+ {2}life$/m);
    const updated = await chasqui(['topics', 'update', 'life', '--partitions', '3', '--json']);
    expect(JSON.parse(updated.stdout)).toMatchObject({ name: 'life', partitions: 3 });
    const listed = JSON.parse((await chasqui(['topics', 'list', '--json'])).stdout) as { name: string }[];
    expect(listed.map(({ name }) => name)).toContain('life');
    expect(await chasqui(['topics', 'delete', 'life', '--yes'])).toMatchObject({ code: 0, stdout: '' });
    expect((await chasqui(['topics', 'get', 'life'])).code).toBe(3);
  });

  it('lose their oldest records when told to, after saying how many', async () => {
    await makeTopic('old');
    await chasqui(['produce', 'old'], 'one\ntwo\nthree\n');
    const ask = (...args: string[]) => chasqui(['topics', 'delete-records', 'old', '0', ...args, '--json']);
    const dry = await ask('--before', '2', '--dry-run');
    expect(JSON.parse(dry.stdout)).toEqual({ partition: 0, from: 0, to: 2, deletes: 2, dryRun: true });
    expect(await ask('--before', '2')).toMatchObject({ code: 2 });
    expect(JSON.parse((await ask('--before', '2', '--yes')).stdout)).toMatchObject({ deletes: 2, dryRun: false });
    expect(JSON.parse((await ask('--before', '1', '--yes')).stdout)).toMatchObject({ from: 2, to: 2, deletes: 0 });
    expect((await chasqui(['fetch', 'old'])).stdout).not.toContain('two');
    expect(await ask('--before', '4', '--yes')).toMatchObject({ code: 1 });
    const beyond = await ask('--before', '4', '--dry-run');
    expect(beyond).toMatchObject({ code: 1, stdout: '' });
    expect(JSON.parse(beyond.stderr)).toMatchObject({ code: 'offset_out_of_range' });
    expect(await chasqui(['topics', 'delete-records', 'old', '1', '--before', '1'])).toMatchObject({ code: 3 });
  });

  it('can be made twice, which is said and harmless', async () => {
    await makeTopic('twice');
    const again = await chasqui(['topics', 'create', 'twice', '--partitions', '3', '--retention-ms', '1000', '--json']);
    expect(again).toMatchObject({ code: 0, stderr: 'twice was there already.\n' });
    expect(JSON.parse(again.stdout)).toMatchObject({ partitions: 1, retentionMs: 604_800_000 });
  });
});

describe('tenants and keys', () => {
  it('are the operator’s to make and delete', async () => {
    expect((await operator(['tenants', 'create', 'acme', '--name', 'Acme'])).code).toBe(0);
    expect((await operator(['tenants', 'create', 'acme', '--name', 'Another'])).stdout).toMatch(/^name +Acme$/m);
    expect((await operator(['tenants', 'update', 'acme', '--name', 'Acme Ltd'])).stdout).toContain('Acme Ltd');
    expect((await operator(['tenants', 'update', 'acmee', '--name', 'x'])).code).toBe(3);

    const created = await operator([
      'keys',
      'create',
      'ci',
      '--tenant',
      'acme',
      '--scope',
      'fetch:logs.*,orders',
      '--json',
    ]);
    const { id, key } = JSON.parse(created.stdout) as { id: string; key: string };
    expect((await chasqui(['whoami', '--api-key', key])).stdout).toMatch(/scopes +fetch:logs\.\*,orders/);
    const list = await operator(['keys', 'list', '--tenant', 'acme']);
    expect(list.stdout).toContain(id);
    expect(list.stdout).not.toContain(key);

    const rotated = await operator(['keys', 'rotate', id, '--tenant', 'acme', '--overlap-ms', '0', '--json']);
    const { key: newKey } = JSON.parse(rotated.stdout) as { key: string };
    expect(newKey).not.toBe(key);
    expect((await operator(['keys', 'delete', id, '--tenant', 'acme', '--yes'])).code).toBe(0);
    expect((await operator(['keys', 'delete', id, '--tenant', 'acme', '--yes'])).code).toBe(3);
    expect((await operator(['tenants', 'delete', 'acme', '--yes'])).code).toBe(0);
    expect((await operator(['tenants', 'get', 'acme'])).code).toBe(3);
  });
});
