/** A range of one file, and whose answer it is. */
export interface WantedRange {
  readonly position: number;
  readonly length: number;
  /** Its place among the answers. */
  readonly at: number;
}

export interface MergedRead {
  readonly position: number;
  readonly length: number;
  readonly wanted: readonly WantedRange[];
}

/** Reading over a gap of this size costs less than another call. */
const MAX_GAP_BYTES = 64 * 1024;
/** So that one read does not keep much more memory than was asked for. */
const MAX_READ_BYTES = 4 * 1024 * 1024;

/** Few reads for many ranges of one file. Ranges may overlap, and come in any order. */
export const planReads = (ranges: readonly WantedRange[]): MergedRead[] => {
  const sorted = [...ranges].sort((a, b) => a.position - b.position);
  const reads: { position: number; end: number; wanted: WantedRange[] }[] = [];
  for (const range of sorted) {
    const last = reads.at(-1);
    const end = range.position + range.length;
    if (last !== undefined && range.position - last.end <= MAX_GAP_BYTES && end - last.position <= MAX_READ_BYTES) {
      last.end = Math.max(last.end, end);
      last.wanted.push(range);
    } else {
      reads.push({ position: range.position, end, wanted: [range] });
    }
  }
  return reads.map(({ position, end, wanted }) => ({ position, length: end - position, wanted }));
};
