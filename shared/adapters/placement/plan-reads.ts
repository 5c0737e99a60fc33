import { sideBySide } from '../../lib/side-by-side.ts';
import type { BlobSlice } from '../../ports/blob-store.ts';

/** One read of one blob, from `start` to before `end`, and which of the asked-for slices it serves. */
export interface PlannedRead {
  readonly slice: BlobSlice;
  readonly start: number;
  readonly end: number;
  readonly serves: readonly number[];
}

/** A request costs more time and money than these bytes between two slices. */
const BRIDGED_GAP_BYTES = 32 * 1024;

/** Fewer than a client has connections, so that a read waits for its answer and not for its turn. */
const READS_AT_ONCE = 32;

const endOf = ({ position, length }: BlobSlice): number => position + length;

/** Slices of the same blob that touch, overlap or nearly touch are read together. Empty slices are not read at all. */
export const planReads = (slices: readonly BlobSlice[]): PlannedRead[] => {
  const order = [...slices.keys()].filter((at) => slices[at]!.length > 0);
  order.sort((a, b) => {
    const [left, right] = [slices[a]!, slices[b]!];
    if (left.blob.id !== right.blob.id) return left.blob.id < right.blob.id ? -1 : 1;
    return left.position - right.position;
  });
  const reads: { slice: BlobSlice; start: number; end: number; serves: number[] }[] = [];
  for (const at of order) {
    const slice = slices[at]!;
    const last = reads.at(-1);
    if (last?.slice.blob.id === slice.blob.id && slice.position <= last.end + BRIDGED_GAP_BYTES) {
      last.end = Math.max(last.end, endOf(slice));
      last.serves.push(at);
    } else {
      reads.push({ slice, start: slice.position, end: endOf(slice), serves: [at] });
    }
  }
  return reads;
};

/** Does the planned reads side by side and cuts the slices out of their bytes, in the order in which they were asked for. */
export const readPlanned = async (
  slices: readonly BlobSlice[],
  readRange: (read: PlannedRead) => Promise<Uint8Array>,
): Promise<Uint8Array[]> => {
  const found: Uint8Array[] = slices.map(() => new Uint8Array());
  const perform = async (read: PlannedRead): Promise<void> => {
    const bytes = await readRange(read);
    for (const at of read.serves) {
      const from = slices[at]!.position - read.start;
      const slice = bytes.subarray(from, from + slices[at]!.length);
      // A copy where several share the bytes, so that keeping one does not keep them all.
      found[at] = read.serves.length === 1 ? slice : slice.slice();
    }
  };
  await sideBySide(planReads(slices), READS_AT_ONCE, perform);
  return found;
};
