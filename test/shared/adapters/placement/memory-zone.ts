import type { Zone } from '../../../../shared/adapters/placement/zone.ts';
import type { Clock } from '../../../../shared/ports/clock.ts';

export interface MemoryZone extends Zone {
  readonly objects: Map<string, Uint8Array>;
  /** What every call does from now on; `lost` forgets everything and fails, as a zone that is gone. */
  state: 'fine' | 'failing' | 'hanging' | 'lost';
  /** How long every call takes, in milliseconds. */
  delayMs: number;
  /** Calls so far, by method. */
  readonly calls: Record<'put' | 'get' | 'size' | 'delete', number>;
}

/** A zone in a map that can be made to fail, to hang and to be slow. */
export const createMemoryZone = (clock: Pick<Clock, 'sleep'>, name = 'zone'): MemoryZone => {
  const objects = new Map<string, Uint8Array>();
  const calls = { put: 0, get: 0, size: 0, delete: 0 };
  const enter = async (method: keyof typeof calls, abort?: AbortSignal): Promise<void> => {
    calls[method] += 1;
    if (zone.delayMs > 0) await clock.sleep(zone.delayMs, abort);
    if (zone.state === 'lost') objects.clear();
    if (zone.state === 'hanging') await new Promise(() => undefined);
    if (zone.state !== 'fine') throw new Error(`${name} is ${zone.state}.`);
  };
  const zone: MemoryZone = {
    name,
    objects,
    calls,
    state: 'fine',
    delayMs: 0,
    put: async (key, bytes, abort) => {
      await enter('put', abort);
      if (!objects.has(key)) objects.set(key, Uint8Array.from(bytes));
    },
    get: async (key, range, abort) => {
      await enter('get', abort);
      const object = objects.get(key);
      return range === undefined ? object : object?.slice(range.start, range.start + range.length);
    },
    size: async (key) => {
      await enter('size');
      return objects.get(key)?.length;
    },
    delete: async (key) => {
      await enter('delete');
      objects.delete(key);
    },
  };
  return zone;
};
