import { beforeEach, describe, expect, it } from 'vitest';
import { type KeyId, parseKeyId, type TopicName } from '../../../shared/contract/ids.ts';
import { createKey } from '../../../shared/tenancy/keys.ts';
import type { TenantPrincipal } from '../../../shared/tenancy/principal.ts';
import { rotateKey } from '../../../shared/tenancy/rotate-key.ts';
import { putTenant } from '../../../shared/tenancy/tenants.ts';
import { issueTicket, principalOfTicket } from '../../../shared/tenancy/tickets.ts';
import { type MemoryPorts, memoryPorts } from '../../support/memory-ports.ts';
import { tenantId } from '../../support/memory-service.ts';

const ACME = tenantId('acme');
const OPERATOR = { kind: 'operator', keyId: 'operator' } as const;
const ORDERS = 'orders' as TopicName;
const FETCH = [{ actions: ['fetch' as const], topics: ['orders', 'payments'] }];

let ports: MemoryPorts;

const principalOf = async (more: object = {}): Promise<TenantPrincipal> => {
  const { stored } = await createKey(ports, OPERATOR, ACME, { name: 'web', scopes: FETCH, ...more });
  return { kind: 'tenant', tenant: ACME, keyId: stored.id, scopes: stored.scopes };
};

beforeEach(async () => {
  ports = memoryPorts();
  await putTenant(ports, ACME, undefined);
});

describe('a ticket', () => {
  it('stands for its key with the right to read its topic, and nothing else', async () => {
    const key = await principalOf();
    const { ticket } = await issueTicket(ports, key, ORDERS, 60_000);
    expect(ticket).toMatch(/^tkt_[A-Za-z0-9_.-]+$/);
    expect(await principalOfTicket(ports, ticket)).toEqual({
      kind: 'tenant',
      tenant: ACME,
      keyId: key.keyId,
      scopes: [{ actions: ['fetch'], topics: ['orders'] }],
    });
  });

  it('is good until it expires, as often as asked', async () => {
    const { ticket, expiresAt } = await issueTicket(ports, await principalOf(), ORDERS, 1000);
    expect(expiresAt).toBe(ports.clock.now() + 1000);
    await ports.clock.advance(999);
    for (const _ of [1, 2]) expect(await principalOfTicket(ports, ticket)).toBeDefined();
    await ports.clock.advance(1);
    expect(await principalOfTicket(ports, ticket)).toBeUndefined();
  });

  it('is good no longer than its key', async () => {
    const soon = ports.clock.now() + 500;
    const key = await principalOf({ expiresAt: new Date(soon).toISOString() });
    const { ticket, expiresAt } = await issueTicket(ports, key, ORDERS, 60_000);
    expect(expiresAt).toBe(soon);
    await ports.clock.advance(500);
    expect(await principalOfTicket(ports, ticket)).toBeUndefined();
  });

  it('dies with its key, and with the secret when that is rotated away', async () => {
    const [revoked, rotated] = [await principalOf(), await principalOf()];
    const tickets = await Promise.all([revoked, rotated].map((key) => issueTicket(ports, key, ORDERS, 60_000)));
    await ports.keys.remove(ACME, revoked.keyId);
    await rotateKey(ports, OPERATOR, ACME, { id: rotated.keyId, overlapMs: 5000 });
    expect(await principalOfTicket(ports, tickets[0]?.ticket ?? '')).toBeUndefined();
    expect(await principalOfTicket(ports, tickets[1]?.ticket ?? '')).toBeDefined();
    await ports.clock.advance(5000);
    expect(await principalOfTicket(ports, tickets[1]?.ticket ?? '')).toBeUndefined();
    await expect(issueTicket(ports, revoked, ORDERS, 1000)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('cannot be forged: not for another topic, tenant, key or time, nor by any change of a character', async () => {
    const key = await principalOf();
    const { ticket } = await issueTicket(ports, key, ORDERS, 60_000);
    const [what = '', proof = ''] = ticket.slice(4).split('.');
    const text = Buffer.from(what, 'base64url').toString();
    const other: KeyId = parseKeyId('other') ?? key.keyId;
    const changes = [
      text.replace('orders', 'payments'),
      text.replace('acme', 'globex'),
      text.replace(key.keyId, other),
      text.replace(/\d+$/, (time) => String(Number(time) + 1000)),
      text.replace(/\d+$/, (time) => `0${time}`),
    ];
    for (const change of changes) {
      const forged = `tkt_${Buffer.from(change).toString('base64url')}.${proof}`;
      expect(await principalOfTicket(ports, forged)).toBeUndefined();
    }
    for (let at = 0; at < ticket.length - 1; at += 1) {
      const changed = ticket.slice(0, at) + (ticket[at] === 'A' ? 'B' : 'A') + ticket.slice(at + 1);
      expect(await principalOfTicket(ports, changed)).toBeUndefined();
    }
    for (const nonsense of ['', 'tkt_', 'tkt_.', '../..', `${ticket} `, `${ticket}A`])
      expect(await principalOfTicket(ports, nonsense)).toBeUndefined();
  });
});
