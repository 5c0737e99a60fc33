import type { TenantId } from '../../contract/ids.ts';
import type { Eventually } from '../../lib/eventually.ts';
import type { Clock } from '../../ports/clock.ts';

export interface CacheBounds {
  /** Nothing older is answered, in milliseconds from the beginning of its read. */
  readonly maxAgeMs: number;
  readonly maxEntries: number;
}

export interface ReadCache<Value> {
  /** At once where it is remembered. */
  get(tenant: TenantId, name: string): Eventually<Value>;
  /** Call it when a write has ended, however it ended: what was read before, or is being read now, is answered to no later call. */
  forget(tenant: TenantId, name?: string): void;
}

interface Entry<Value> {
  readonly tenant: TenantId;
  readonly name: string;
  readonly readAtMs: number;
  /** The promise of the read until it has ended. */
  value: Eventually<Value>;
}

/**
 * Remembers what was read, absence too. Whoever asks while a read is under way shares it. A hit allocates nothing and waits for nothing. The oldest goes first: all of them live for `maxAgeMs` at most, so that a finer rule would gain little.
 */
export const createReadCache = <Value>(
  read: (tenant: TenantId, name: string) => Eventually<Value>,
  clock: Pick<Clock, 'now'>,
  { maxAgeMs, maxEntries }: CacheBounds,
): ReadCache<Value> => {
  const tenants = new Map<TenantId, Map<string, Entry<Value>>>();
  /** The same entries by age; a set keeps the order of insertion. */
  const oldestFirst = new Set<Entry<Value>>();

  const drop = (entry: Entry<Value>): void => {
    oldestFirst.delete(entry);
    const names = tenants.get(entry.tenant);
    if (names?.get(entry.name) !== entry) return;
    names.delete(entry.name);
    if (names.size === 0) tenants.delete(entry.tenant);
  };
  const isFresh = ({ readAtMs }: Entry<Value>, nowMs: number): boolean =>
    // A clock that was set back must not make an entry live longer.
    nowMs >= readAtMs && nowMs < readAtMs + maxAgeMs;

  const insert = (entry: Entry<Value>): void => {
    const names = tenants.get(entry.tenant) ?? new Map<string, Entry<Value>>();
    tenants.set(entry.tenant, names);
    names.set(entry.name, entry);
    oldestFirst.add(entry);
    for (const oldest of oldestFirst) {
      if (oldestFirst.size <= maxEntries && isFresh(oldest, entry.readAtMs)) break;
      drop(oldest);
    }
  };
  const follow = (entry: Entry<Value>, reading: Promise<Value>): void => {
    reading.then(
      (value) => {
        entry.value = value;
      },
      () => drop(entry),
    );
  };
  return {
    get: (tenant, name) => {
      const nowMs = clock.now();
      const known = tenants.get(tenant)?.get(name);
      if (known !== undefined) {
        if (isFresh(known, nowMs)) return known.value;
        drop(known);
      }
      const entry = { tenant, name, readAtMs: nowMs, value: read(tenant, name) };
      insert(entry);
      if (entry.value instanceof Promise) follow(entry, entry.value);
      return entry.value;
    },
    forget: (tenant, name) => {
      const names = tenants.get(tenant);
      if (names === undefined) return;
      if (name === undefined) for (const entry of names.values()) drop(entry);
      else if (names.has(name)) drop(names.get(name)!);
    },
  };
};
