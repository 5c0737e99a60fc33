import { beforeEach, describe, expect, it } from 'vitest';
import { type GroupName, type MemberName, parseTopicName, type TopicName } from '../../../shared/contract/ids.ts';
import { deleteTenant } from '../../../shared/tenancy/delete-tenant.ts';
import { createKey } from '../../../shared/tenancy/keys.ts';
import { putTenant } from '../../../shared/tenancy/tenants.ts';
import { putTopic } from '../../../shared/tenancy/topics.ts';
import { type MemoryPorts, memoryPorts } from '../../support/memory-ports.ts';
import { tenantId } from '../../support/memory-service.ts';

const ID = tenantId('acme');
const OPERATOR = { kind: 'operator', keyId: 'operator' } as const;
const named = (name: string) => parseTopicName(name) as TopicName;
const refusal = (code: string) => expect.objectContaining({ code });

let ports: MemoryPorts;
const leftovers = async (): Promise<number> => {
  const [keys, topics] = await Promise.all([
    ports.keys.list(ID, { limit: 1000 }),
    ports.topics.list(ID, { limit: 1000 }),
  ]);
  return keys.length + topics.length;
};

beforeEach(async () => {
  ports = memoryPorts();
  await putTenant(ports, ID, undefined);
  for (let n = 0; n < 120; n++) {
    await createKey(ports, OPERATOR, ID, { name: `${n}`, scopes: [{ actions: ['fetch'], topics: ['*'] }] });
    await putTopic(ports, ID, named(`t${n}`), {});
  }
});

describe('deleteTenant', () => {
  it('changes nothing without the confirmation, or while there are topics', async () => {
    const attempt = (confirm: string | undefined) => deleteTenant(ports, { id: ID, confirm, cascade: false });
    for (const confirm of [undefined, '', 'ACME', 'acme '])
      await expect(attempt(confirm)).rejects.toThrow(refusal('invalid_request'));
    await expect(attempt('acme')).rejects.toThrow(refusal('conflict'));
    expect(await leftovers()).toBe(240);
  });

  it('takes keys, topics and the tenant', async () => {
    await deleteTenant(ports, { id: ID, confirm: 'acme', cascade: true });
    expect(await leftovers()).toBe(0);
    expect(await ports.tenants.get(ID)).toBeUndefined();
    const again = deleteTenant(ports, { id: ID, confirm: 'acme', cascade: true });
    await expect(again).rejects.toThrow(refusal('tenant_not_found'));
  });

  it('takes its consumer groups', async () => {
    const group = 'billing' as GroupName;
    const { incarnation, generation } = await ports.groups.drawGeneration(ID, group, 1);
    const member = { name: 'm' as MemberName, generation, topics: [], sessionTimeoutMs: 3000, expiresAt: 3001 };
    await ports.groups.addMember(ID, { name: group, incarnation }, member);
    await deleteTenant(ports, { id: ID, confirm: 'acme', cascade: true });
    expect(await ports.groups.list(ID, { limit: 10 })).toEqual([]);
    expect(await ports.groups.read(ID, group)).toBeUndefined();
  });

  it('takes along what others make while it is at it', async () => {
    const { remove } = ports.tenants;
    ports.tenants.remove = async (id) => {
      await createKey(ports, OPERATOR, ID, { name: 'late', scopes: [{ actions: ['fetch'], topics: ['*'] }] });
      await putTopic(ports, ID, named('late'), {});
      return remove(id);
    };
    await deleteTenant(ports, { id: ID, confirm: 'acme', cascade: true });
    expect(await leftovers()).toBe(0);
  });

  it('can be done again after it stopped halfway', async () => {
    const { remove } = ports.topics;
    let left = 50;
    ports.topics.remove = async (tenant, topic) => {
      left -= 1;
      if (left === 0) throw new Error('the power went');
      return remove(tenant, topic);
    };
    await expect(deleteTenant(ports, { id: ID, confirm: 'acme', cascade: true })).rejects.toThrow('the power went');
    expect(await ports.tenants.get(ID)).toBeDefined();
    await deleteTenant(ports, { id: ID, confirm: 'acme', cascade: true });
    expect(await leftovers()).toBe(0);
  });
});
