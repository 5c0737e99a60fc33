/*
 * Who gets which partition:
 *  1. Whoever has a partition and may have it keeps it.
 *  2. A free one goes to the member with the fewest, of those who may have it.
 *  3. While a member has two more than another, one partition is handed on from the first towards the second, where need be over
 *     others in between (each hands on one of a topic that the next one subscribes to): an augmenting path, by breadth first.
 * What comes out is as even as the subscriptions allow (Harvey, Ladner, Lovász, Tamir, "Semi-matchings for bipartite graphs and load
 * balancing", 2006: no such path is left exactly when the loads are optimal), and for members with the same topics even within one.
 * Given its own result, it changes nothing.
 */

export interface Subscriber {
  readonly name: string;
  readonly topics: readonly string[];
}

export interface Shared {
  /** Names the partition among all. */
  readonly key: string;
  readonly topic: string;
  /** Its present owner; undefined where nobody who lives has it. */
  readonly owner: string | undefined;
}

/** Answers the member of each partition's key; partitions that nobody may have are left out. The order of the input decides ties. */
export function assign(subscribers: readonly Subscriber[], partitions: readonly Shared[]): Map<string, string> {
  const holders = new Map<string, Holder>();
  const byTopic = new Map<string, Holder[]>();
  for (const { name, topics } of subscribers) {
    const holder: Holder = { name, topics: new Set(topics), held: new Map(), load: 0 };
    holders.set(name, holder);
    for (const topic of holder.topics) byTopic.set(topic, [...(byTopic.get(topic) ?? []), holder]);
  }
  const free: Shared[] = [];
  for (const partition of partitions) {
    const owner = partition.owner === undefined ? undefined : holders.get(partition.owner);
    if (owner?.topics.has(partition.topic) === true) give(owner, partition);
    else free.push(partition);
  }
  for (const partition of free) {
    const taker = lightest(byTopic.get(partition.topic) ?? []);
    if (taker !== undefined) give(taker, partition);
  }
  level([...holders.values()], byTopic);
  return result(holders.values());
}

interface Holder {
  readonly name: string;
  readonly topics: ReadonlySet<string>;
  /** By topic; what was free is behind what was kept, and is handed on first. */
  readonly held: Map<string, Shared[]>;
  load: number;
}

interface Step {
  readonly from: Holder;
  readonly topic: string;
}

function give(holder: Holder, partition: Shared): void {
  const held = holder.held.get(partition.topic);
  if (held === undefined) holder.held.set(partition.topic, [partition]);
  else held.push(partition);
  holder.load += 1;
}

function lightest(holders: readonly Holder[]): Holder | undefined {
  let best = holders[0];
  for (const holder of holders) if (best !== undefined && holder.load < best.load) best = holder;
  return best;
}

/** From the heaviest first, one at a time: nobody hands on what it would get back. */
function level(holders: readonly Holder[], byTopic: ReadonlyMap<string, readonly Holder[]>): void {
  for (;;) {
    const fewest = Math.min(...holders.map(({ load }) => load));
    const heavy = holders.filter(({ load }) => load >= fewest + 2).sort((a, b) => b.load - a.load);
    if (!heavy.some((start) => relieve(start, byTopic))) return;
  }
}

/** Hands one partition on from `start`, over as few as possible, to whoever of those has the fewest. False: nobody has two fewer. */
function relieve(start: Holder, byTopic: ReadonlyMap<string, readonly Holder[]>): boolean {
  const reached = new Map<Holder, Step | undefined>([[start, undefined]]);
  for (let level = [start]; level.length > 0; ) {
    level = level.flatMap((from) => reach(from, reached, byTopic));
    const last = lightest(level);
    if (last === undefined || last.load > start.load - 2) continue;
    handOn(last, reached);
    return true;
  }
  return false;
}

/** Those whom a member could hand something on to, and whom nobody has reached yet. */
function reach(
  from: Holder,
  reached: Map<Holder, Step | undefined>,
  byTopic: ReadonlyMap<string, readonly Holder[]>,
): Holder[] {
  const found: Holder[] = [];
  for (const [topic, held] of from.held) {
    if (held.length === 0) continue;
    for (const next of byTopic.get(topic) ?? []) {
      if (reached.has(next)) continue;
      reached.set(next, { from, topic });
      found.push(next);
    }
  }
  return found;
}

function handOn(last: Holder, reached: ReadonlyMap<Holder, Step | undefined>): void {
  let to = last;
  for (let step = reached.get(to); step !== undefined; step = reached.get(to)) {
    const partition = step.from.held.get(step.topic)?.pop();
    if (partition === undefined) throw new Error('A partition was handed on twice.');
    step.from.load -= 1;
    give(to, partition);
    to = step.from;
  }
}

function result(holders: Iterable<Holder>): Map<string, string> {
  const owners = new Map<string, string>();
  for (const { name, held } of holders) {
    for (const partitions of held.values()) for (const { key } of partitions) owners.set(key, name);
  }
  return owners;
}
