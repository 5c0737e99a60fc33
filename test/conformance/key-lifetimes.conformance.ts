import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { EVERYTHING, makeKey, must } from '../support/bus.ts';
import { expectProblem, expectSameRefusal } from '../support/expect-problem.ts';
import type { Answer, Caller } from '../support/http.ts';
import type { KeyBody } from '../support/shapes.ts';
import type { Chapter } from './bus-under-test.ts';

/** The first refusal. */
const untilDead = async (caller: Caller, limitMs: number, path = '/v1/whoami'): Promise<Answer> => {
  const since = Date.now();
  while (Date.now() - since <= limitMs) {
    const answer = await caller.get(path);
    if (answer.status === 401) return answer;
    await pause(20);
  }
  throw new Error(`The key still works after ${limitMs} ms.`);
};

/** Time is what these cases are about, so that they wait; all of them at once. */
export const keyLifetimes: Chapter = (bus) => {
  it.concurrent('a revoked key is dead in time, also in the middle of its work', async () => {
    const made = await makeKey(bus.operator, bus.tenant);
    const caller = bus.http.as(made.key);
    for (let index = 0; index < 5; index += 1) must(await caller.get('/v1/whoami'), 200);
    must(await bus.api.delete(`/v1/keys/${made.id}`), 204);
    await untilDead(caller, bus.target.keyDeathMs);
    // Another instance may remember the key a little longer than the one that has answered.
    const dead = await untilDead(caller, bus.target.keyDeathMs, '/v1/topics');
    expectProblem(dead, 401, 'unauthenticated');
    expectSameRefusal(dead, await bus.anonymous.get('/v1/topics'));
  });

  it.concurrent('an expiring key works until its time and not behind it', async () => {
    const expiresAt = new Date(Date.now() + 1500).toISOString();
    const made = await makeKey(bus.operator, bus.tenant, { expiresAt });
    expect(Date.parse(made.expiresAt ?? '')).toBe(Date.parse(expiresAt));
    const caller = bus.http.as(made.key);
    must(await caller.get('/v1/whoami'), 200);
    await pause(Date.parse(expiresAt) - Date.now() + 50);
    const dead = await caller.get('/v1/topics');
    expectProblem(dead, 401, 'unauthenticated');
    expectSameRefusal(dead, await bus.anonymous.get('/v1/topics'));
  });

  it.concurrent('a time with an offset of its zone is the same instant', async () => {
    const instant = Math.floor(Date.now() / 1000) * 1000 + 3_600_000;
    const local = new Date(instant + 2 * 3_600_000).toISOString().replace('.000Z', '+02:00');
    const made = await makeKey(bus.operator, bus.tenant, { expiresAt: local });
    expect(Date.parse(made.expiresAt ?? '')).toBe(instant);
  });

  it.concurrent('a rotated key has a new secret, and the old one until the overlap ends', async () => {
    const made = await makeKey(bus.operator, bus.tenant);
    const old = bus.http.as(made.key);
    const since = Date.now();
    const rotated = must(await bus.api.post(`/v1/keys/${made.id}/rotate`, { overlapMs: 1200 }), 201).json<KeyBody>();
    expect(rotated.key).toMatch(/^chq_/);
    expect(rotated.key).not.toBe(made.key);
    expect(rotated).toMatchObject({ id: made.id, name: made.name, scopes: EVERYTHING });
    must(await bus.http.as(rotated.key).get('/v1/whoami'), 200);
    must(await old.get('/v1/whoami'), 200);
    await pause(Math.max(0, 900 - (Date.now() - since)));
    must(await old.get('/v1/whoami'), 200);
    await untilDead(old, 300 + bus.target.keyDeathMs);
    must(await bus.http.as(rotated.key).get('/v1/whoami'), 200);
  });

  it.concurrent('a rotation without overlap kills the old secret like a revocation', async () => {
    const made = await makeKey(bus.operator, bus.tenant);
    const old = bus.http.as(made.key);
    must(await old.get('/v1/whoami'), 200);
    const path = `/v1/tenants/${bus.tenant}/keys/${made.id}/rotate`;
    const rotated = must(await bus.operator.post(path, { overlapMs: 0 }), 201).json<KeyBody>();
    await untilDead(old, bus.target.keyDeathMs);
    must(await bus.http.as(rotated.key).get('/v1/whoami'), 200);
  });

  it.concurrent('revoking a rotated key kills both of its secrets', async () => {
    const made = await makeKey(bus.operator, bus.tenant);
    const rotated = must(await bus.api.post(`/v1/keys/${made.id}/rotate`, { overlapMs: 60_000 }), 201).json<KeyBody>();
    must(await bus.api.delete(`/v1/keys/${made.id}`), 204);
    await untilDead(bus.http.as(made.key), bus.target.keyDeathMs);
    await untilDead(bus.http.as(rotated.key), bus.target.keyDeathMs);
  });

  it.concurrent('a key may revoke itself', async () => {
    const made = await makeKey(bus.operator, bus.tenant);
    const caller = bus.http.as(made.key);
    must(await caller.delete(`/v1/keys/${made.id}`), 204);
    await untilDead(caller, bus.target.keyDeathMs);
  });
};
