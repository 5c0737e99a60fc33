import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assign, type Shared, type Subscriber } from '../../../shared/groups/assign.ts';
import { check } from '../../support/check.ts';

const MEMBERS = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
const TOPICS = ['orders', 'payments', 'returns'];

/** What may happen to a group. A member that dies is one that leaves: the function is told who lives. */
type Event =
  | { readonly kind: 'join'; readonly member: string; readonly topics: readonly string[] }
  | { readonly kind: 'leave'; readonly member: string }
  | { readonly kind: 'grow'; readonly topic: string; readonly by: number }
  /** It is made, or deleted: members may have subscribed to it before. */
  | { readonly kind: 'make'; readonly topic: string }
  | { readonly kind: 'delete'; readonly topic: string };

const member = fc.constantFrom(...MEMBERS);
const eventsWith = (topics: fc.Arbitrary<string[]>): fc.Arbitrary<Event[]> =>
  fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant('join' as const), member, topics }),
      fc.record({ kind: fc.constant('leave' as const), member }),
      fc.record({ kind: fc.constant('grow' as const), topic: fc.constantFrom(...TOPICS), by: fc.nat(9) }),
      fc.record({ kind: fc.constant('make' as const), topic: fc.constantFrom(...TOPICS) }),
      fc.record({ kind: fc.constant('delete' as const), topic: fc.constantFrom(...TOPICS) }),
    ),
    { minLength: 1, maxLength: 25 },
  );
const SAME = eventsWith(fc.constant(TOPICS));
const ANY = eventsWith(fc.subarray(TOPICS, { minLength: 1 }));

/** A group through a series of events; after each the whole assignment takes effect. */
class World {
  members: Subscriber[] = [];
  /** `returns` is not there at first. */
  readonly sizes = new Map<string, number>(TOPICS.slice(0, 2).map((topic) => [topic, 4]));
  owners = new Map<string, string>();

  apply(event: Event): void {
    if ('topic' in event) {
      this.#change(event);
      return;
    }
    this.members = this.members.filter(({ name }) => name !== event.member);
    if (event.kind === 'join') {
      this.members.push({ name: event.member, topics: event.topics });
      this.members.sort((a, b) => (a.name < b.name ? -1 : 1));
    }
  }

  #change(event: Extract<Event, { topic: string }>): void {
    const size = this.sizes.get(event.topic);
    if (event.kind === 'delete') this.sizes.delete(event.topic);
    else if (event.kind === 'grow' && size !== undefined) this.sizes.set(event.topic, size + event.by);
    else if (event.kind === 'make') this.sizes.set(event.topic, size ?? 4);
  }

  /** Nobody who is gone owns anything. */
  partitions(): Shared[] {
    const alive = new Set(this.members.map(({ name }) => name));
    return [...this.sizes].flatMap(([topic, size]) =>
      Array.from({ length: size }, (_, at) => {
        const key = `${topic}/${at}`;
        const owner = this.owners.get(key);
        return { key, topic, owner: owner !== undefined && alive.has(owner) ? owner : undefined };
      }),
    );
  }

  assigned(): Map<string, string> {
    return assign(this.members, this.partitions());
  }
}

const loadsOf = (world: World, owners: ReadonlyMap<string, string>): number[] =>
  world.members.map(({ name }) => [...owners.values()].filter((owner) => owner === name).length);

const throughAll = (events: readonly Event[], check: (world: World, next: Map<string, string>) => void): void => {
  const world = new World();
  for (const event of events) {
    world.apply(event);
    const next = world.assigned();
    check(world, next);
    world.owners = next;
  }
};

describe('assign', () => {
  it('gives every partition to one who subscribes to it, and leaves none that somebody wants', () => {
    check(
      fc.property(ANY, (events) =>
        throughAll(events, (world, next) => {
          for (const { key, topic } of world.partitions()) {
            const takers = world.members.filter(({ topics }) => topics.includes(topic)).map(({ name }) => name);
            if (takers.length === 0) expect(next.has(key)).toBe(false);
            else expect(takers).toContain(next.get(key));
          }
        }),
      ),
    );
  });

  it('is even within one where all subscribe to the same', () => {
    check(
      fc.property(SAME, (events) =>
        throughAll(events, (world, next) => {
          const loads = loadsOf(world, next);
          if (loads.length > 0) expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1);
        }),
      ),
    );
  });

  it('takes nothing from a member for nothing: what moves is what evenness needs, and no more', () => {
    check(
      fc.property(SAME, (events) =>
        throughAll(events, (world, next) => {
          const before = world.partitions();
          const total = before.length;
          const [least, extra] = [Math.floor(total / world.members.length), total % world.members.length];
          // As few as can be: those who have more keep the larger shares.
          const had = world.members.map(({ name }) => before.filter(({ owner }) => owner === name).length);
          const quotas = world.members.map((_, at) => least + (at < extra ? 1 : 0));
          const sorted = [...had].sort((a, b) => b - a);
          const needed = sorted.reduce((sum, count, at) => sum + Math.max(0, count - (quotas[at] ?? 0)), 0);
          const moved = before.filter(({ key, owner }) => owner !== undefined && next.get(key) !== owner).length;
          expect(moved).toBe(needed);
        }),
      ),
    );
  });

  it('is as even as the subscriptions allow: no single partition could be handed on to somebody with two fewer', () => {
    check(
      fc.property(ANY, (events) =>
        throughAll(events, (world, next) => {
          const loads = new Map(world.members.map(({ name }, at) => [name, loadsOf(world, next)[at] ?? 0]));
          for (const [key, owner] of next) {
            const topic = key.split('/')[0] ?? '';
            for (const { name, topics } of world.members) {
              if (!topics.includes(topic)) continue;
              expect((loads.get(owner) ?? 0) - (loads.get(name) ?? 0)).toBeLessThan(2);
            }
          }
        }),
      ),
    );
  });

  it('changes nothing once it is done, and nothing on the way that is not done yet', () => {
    check(
      fc.property(ANY, fc.infiniteStream(fc.boolean()), (events, coins) =>
        throughAll(events, (world, next) => {
          const coin = coins[Symbol.iterator]();
          // Some have moved already, and some that have to move are free; the target of the rest stays within reach.
          for (const [key, owner] of next) {
            const present = world.owners.get(key);
            if (present === owner || present === undefined) continue;
            if (coin.next().value) world.owners.delete(key);
          }
          world.owners = world.assigned();
          expect(world.assigned()).toEqual(world.owners);
        }),
      ),
    );
  });

  it('does a thousand partitions and a hundred members in the time of a request', () => {
    const subscribers = Array.from({ length: 100 }, (_, at) => ({
      name: `m${at}`,
      topics: TOPICS.filter((_, topic) => at % 3 !== topic),
    }));
    const partitions = Array.from({ length: 1024 }, (_, at) => ({
      key: `${at}`,
      topic: TOPICS[at % 3] ?? '',
      owner: at < 800 ? `m${at % 7}` : undefined,
    }));
    const startedAt = performance.now();
    const owners = assign(subscribers, partitions);
    expect(performance.now() - startedAt).toBeLessThan(500);
    const loads = subscribers.map(({ name }) => [...owners.values()].filter((owner) => owner === name).length);
    expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1);
  });
});
