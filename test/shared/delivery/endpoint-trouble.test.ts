import { describe, expect, it } from 'vitest';
import type { WebhookAnswer, WebhookRequest } from '../../../shared/ports/webhook-sender.ts';
import { answered } from '../../support/fake-endpoints.ts';
import { PushWorld } from '../../support/push-world.ts';
import { createSeededRandom } from '../../support/seeded-random.ts';

const RECORDS = 1000;
const KEYS = 60;
const SCHEDULE = [0, 1000, 2000, 4000];
const URL = 'https://hooks.example.com/';
const POISON = 101;
/** What the endpoint asks for with 429. */
const PATIENCE_MS = 3000;

interface Try {
  readonly id: string;
  readonly at: number;
  readonly ok: boolean;
  readonly endedAt: number;
}

/** An endpoint with every kind of trouble; what it took is the truth about what was delivered. */
class TroubledEndpoint {
  readonly taken: { readonly n: number; readonly key: string }[] = [];
  readonly tries: Try[] = [];
  readonly #underWay = new Set<string>();
  readonly #world: PushWorld;
  readonly #random: ReturnType<typeof createSeededRandom>;
  readonly #downFrom: number;

  constructor(world: PushWorld, seed: number) {
    this.#world = world;
    this.#random = createSeededRandom(seed);
    this.#downFrom = world.clock.now() + 20_000;
  }

  async answer(request: WebhookRequest): Promise<WebhookAnswer> {
    const { clock } = this.#world;
    const { n, key } = JSON.parse(Buffer.from(request.body).toString()) as { n: number; key: string };
    if (this.#underWay.has(key)) throw new Error(`Two deliveries of ${key} at once.`);
    this.#underWay.add(key);
    const at = clock.now();
    const answer = await this.#trouble(request, n);
    const ok = answer.kind === 'answered' && answer.status === 200;
    this.#underWay.delete(key);
    this.tries.push({ id: request.headers['webhook-id'] ?? '', at, ok, endedAt: clock.now() });
    if (ok) this.taken.push({ n, key });
    return answer;
  }

  forgetUnderWay(): void {
    this.#underWay.clear();
  }

  async #trouble({ timeoutMs }: WebhookRequest, n: number): Promise<WebhookAnswer> {
    const { clock } = this.#world;
    const chance = this.#random.fraction();
    const isDown = clock.now() >= this.#downFrom && clock.now() < this.#downFrom + 30_000;
    if (isDown) return { kind: 'failed', reason: 'the connection was refused' };
    if (n % POISON === 0) return answered(422);
    if (chance < 0.2) return answered(500);
    if (chance < 0.23) return answered(429, { 'retry-after': '3' });
    if (chance < 0.26) return { kind: 'failed', reason: 'the connection was closed before the answer' };
    if (chance < 0.28) {
      await clock.sleep(timeoutMs);
      return { kind: 'failed', reason: `no answer within ${timeoutMs} ms` };
    }
    await clock.sleep(Math.ceil(this.#random.fraction() * 300));
    return answered(200);
  }
}

const expectAllDelivered = (endpoint: TroubledEndpoint): void => {
  const firsts = new Map<string, number>();
  const seen = new Set<number>();
  for (const { n, key } of endpoint.taken) {
    if (seen.has(n)) continue;
    seen.add(n);
    expect(n, `the order of ${key}`).toBeGreaterThan(firsts.get(key) ?? -1);
    firsts.set(key, n);
  }
  const good = Array.from({ length: RECORDS }, (_, n) => n).filter((n) => n % POISON !== 0);
  expect([...seen].sort((a, b) => a - b)).toEqual(good);
};

/** No try comes sooner than the schedule lets it; the same id throughout. */
const expectSchedule = (endpoint: TroubledEndpoint): void => {
  const byId = new Map<string, Try[]>();
  for (const one of endpoint.tries) byId.set(one.id, [...(byId.get(one.id) ?? []), one]);
  for (const tries of byId.values()) {
    for (const [at, one] of tries.slice(1).entries()) {
      const before = tries[at]!;
      if (before.ok) continue;
      expect(one.at - before.endedAt).toBeGreaterThanOrEqual(Math.min(SCHEDULE[Math.min(at + 1, 3)]!, PATIENCE_MS));
    }
  }
};

const prepare = async (seed: number, maxInFlight: number) => {
  const world = new PushWorld();
  await world.topic('orders', 3);
  await world.topic('dead');
  const endpoint = new TroubledEndpoint(world, seed);
  world.endpoints.answer = (request) => endpoint.answer(request);
  await world.subscribe('push', {
    topic: 'orders',
    endpoint: { url: URL },
    from: 'earliest',
    format: 'raw',
    retry: { maxAttempts: 40, scheduleMs: SCHEDULE, timeoutMs: 5000 },
    deadLetterTopic: 'dead',
    maxInFlight,
  });
  const records = Array.from({ length: RECORDS }, (_, n) => ({
    key: `k${n % KEYS}`,
    value: { n, key: `k${n % KEYS}` },
  }));
  await world.send('orders', records);
  return { world, endpoint };
};

describe('an endpoint that fails, is slow, hangs, asks for patience, drops connections and is down for a while', () => {
  it('gets every record at last, in order per key, and the dead letters hold what it refuses for good', async () => {
    const { world, endpoint } = await prepare(7, 10);
    await world.work();
    const good = RECORDS - Math.ceil(RECORDS / POISON);
    const dead = async (): Promise<number> => {
      const topic = await world.service.topics.get(world.tenant, 'dead' as never);
      return (
        (await world.service.offsets.readHead(world.tenant, { topicId: topic!.id, partition: 0 }))?.nextOffset ?? 0
      );
    };
    await world.until(() => endpoint.taken.length >= good, 2000);
    for (let n = 0; n < 400 && (await dead()) < RECORDS - good; n++) await world.clock.advance(5000);
    expect(await dead()).toBe(RECORDS - good);
    expectAllDelivered(endpoint);
    expectSchedule(endpoint);
    await world.stop();
  });

  it('and workers that are killed in the middle lose nothing', async () => {
    const { world, endpoint } = await prepare(11, 10);
    const good = RECORDS - Math.ceil(RECORDS / POISON);
    const distinct = (): number => new Set(endpoint.taken.map(({ n }) => n)).size;
    for (const share of [0.2, 0.5, 0.8]) {
      await world.work();
      await world.until(() => distinct() >= good * share, 1000);
      world.kill();
      await world.clock.advance(6000);
      endpoint.forgetUnderWay();
    }
    await world.work();
    await world.until(() => distinct() >= good, 2000);
    expectAllDelivered(endpoint);
    const repeated = endpoint.taken.length - good;
    expect(repeated).toBeLessThan(200);
    await world.stop();
  });
});
