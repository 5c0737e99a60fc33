import { journalFileName } from '../../../../../shared/adapters/embedded/journal/journal-position.ts';
import type { EmbeddedStores } from '../../../../../shared/adapters/embedded/open-embedded-stores.ts';
import type { OffsetStore } from '../../../../../shared/ports/offset-store.ts';
import { ACME, refOf, TOPIC } from '../../../../support/index-fixtures.ts';
import type { MemoryFiles } from './memory-files.ts';

/** Bytes without a zero among them, all different from blob to blob. */
export const blobBytes = (number: number, length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, at) => 1 + ((number * 31 + at * 7) % 255));

/** Stores `count` records as one blob of `length` bytes and commits it; answers the base offset. */
export const append = async (
  { blobs, offsets }: Pick<EmbeddedStores, 'blobs' | 'offsets'>,
  number: number,
  length = 40,
  partition = 0,
): Promise<number> => {
  const blob = await blobs.put(ACME, [blobBytes(number, length)]);
  const entry = { blob, position: 0, length, count: 1, maxTimestamp: number };
  const outcome = await offsets.commit(ACME, TOPIC, { partition, entry, fence: await fenceOf(offsets, partition) });
  if (outcome.kind !== 'committed') throw new Error(outcome.kind);
  return outcome.baseOffset;
};

const fenceOf = async (offsets: OffsetStore, partition: number): Promise<number> => {
  const head = await offsets.readHead(ACME, refOf(partition));
  return head?.fence ?? 0;
};

/** The numbers of all appended blobs, in order, after reading their bytes and comparing them. */
export const readNumbers = async (
  { blobs, offsets }: Pick<EmbeddedStores, 'blobs' | 'offsets'>,
  partition = 0,
): Promise<number[]> => {
  const head = await offsets.readHead(ACME, refOf(partition));
  const numbers: number[] = [];
  for (let offset = head?.logStartOffset ?? 0; offset < (head?.nextOffset ?? 0); ) {
    const page = await offsets.readIndex(ACME, refOf(partition), offset, 1000);
    const entries = page?.entries ?? [];
    if (page?.baseOffset !== offset || entries.length === 0) throw new Error(`Nothing at offset ${offset}.`);
    const read = await blobs.read(ACME, entries);
    entries.forEach(({ maxTimestamp, length }, at) => {
      if (Buffer.compare(read[at]!, blobBytes(maxTimestamp, length)) !== 0)
        throw new Error(`Wrong bytes: ${maxTimestamp}`);
      numbers.push(maxTimestamp);
    });
    offset += entries.length;
  }
  return numbers;
};

export const bytesOfFile = (files: MemoryFiles, number: number): Buffer => files.content.get(journalFileName(number))!;
export const setBytesOfFile = (files: MemoryFiles, number: number, bytes: Buffer): void => {
  files.content.set(journalFileName(number), bytes);
};
