import { decodeGroupHeader, findGroupHeader, GROUP_HEADER_BYTES, groupBytes } from './group-frame.ts';
import type { Extent, FileBytes } from './parse-groups.ts';

/** The unit in which a disk takes a write or does not. */
const SECTOR_BYTES = 512;

/**
 * Is what stands at `at`, where a sound group should be, explained by a write that a crash cut short? Only then may it be thrown away,
 * because nobody was told that it is stored.
 * 1. Groups are written one after the other, each synced before the next: a sound header behind it proves that it was stored. Damage.
 * 2. A killed process leaves a beginning: the file ends before the group does. Torn.
 * 3. A power cut may leave sectors that never reached the disk. The file grew over them, so they read as zeros; a group begins and ends
 *    with bytes that are not zero, so none of its sectors, nor its share of one, is zero by nature (but inside a record). Torn.
 * 4. Anything else was whole once and has changed. Damage.
 */
export const isTorn = (source: FileBytes, at: number): boolean => {
  const { bytes, nonce, offset } = source;
  const start = at - offset;
  const header = decodeGroupHeader(bytes, start, nonce);
  const end = start + (header === undefined ? GROUP_HEADER_BYTES : groupBytes(header));
  if (end > bytes.length) return true;
  if (findGroupHeader(bytes, header === undefined ? start : end, nonce) !== -1) return false;
  const group = { start: at, end: offset + end };
  return lacksSectors(source, group, group);
};

/** Whether a sector of a group that has a share in `part` of it never reached the disk. */
export const lacksSectors = ({ bytes, offset }: FileBytes, group: Extent, part: Extent): boolean => {
  for (let from = Math.max(group.start, part.start - (part.start % SECTOR_BYTES)); from < part.end; ) {
    const to = Math.min(from + SECTOR_BYTES - (from % SECTOR_BYTES), group.end);
    if (isZero(bytes, from - offset, to - offset)) return true;
    from = to;
  }
  return false;
};

export const isZero = (bytes: Buffer, from: number, to: number): boolean => {
  for (let at = from; at < to; at += 1) if (bytes[at] !== 0) return false;
  return true;
};
