import type { Zone } from '../../shared/adapters/placement/zone.ts';

/** A bucket in memory, each of whose calls goes through `call`. */
export const createMemoryBucket = (
  name: string,
  call: <Answer>(operation: string, perform: () => Promise<Answer>) => Promise<Answer>,
): Zone => {
  const objects = new Map<string, Uint8Array>();
  return {
    name,
    put: (key, bytes) =>
      call('PutObject', async () => {
        objects.set(key, bytes);
      }),
    get: (key, range) =>
      call('GetObject', async () => {
        const object = objects.get(key);
        return range === undefined ? object : object?.subarray(range.start, range.start + range.length);
      }),
    size: (key) => call('HeadObject', async () => objects.get(key)?.length),
    delete: (key) =>
      call('DeleteObject', async () => {
        objects.delete(key);
      }),
  };
};
