import type { SealedState } from './sealed-state.ts';

/*
 * Where the first segment is that reaches a timestamp, though timestamps go up and down and the log start moves. A tree beside the
 * segments: a bucket of level 1 names `FAN_OUT` segments in their order, each with its latest timestamp; one of level 2 has the latest
 * timestamp of each of `FAN_OUT` full buckets of level 1; and so on. It only grows at its right edge, by one note for each segment and
 * one more for each bucket that it fills, all in the transaction that seals the segment.
 */
export const FAN_OUT = 64;

/** What is written behind what a bucket has already. */
export interface Note {
  readonly level: number;
  readonly bucket: number;
  /** The note's place in the bucket. */
  readonly place: number;
  readonly peak: number;
}

/** The notes of one more segment, and what the head knows afterwards. The first note is the segment's own. */
export const sealOne = (state: SealedState, peak: number, bytes: number): { next: SealedState; notes: Note[] } => {
  const peaks = [...state.peaks];
  const notes: Note[] = [];
  let unit = state.segments;
  let unitPeak = peak;
  for (let level = 1; ; level += 1) {
    const place = unit % FAN_OUT;
    const bucket = Math.floor(unit / FAN_OUT);
    notes.push({ level, bucket, place, peak: unitPeak });
    const bucketPeak = place === 0 ? unitPeak : Math.max(unitPeak, peaks[level - 1] ?? 0);
    const isFull = place === FAN_OUT - 1;
    peaks[level - 1] = isFull ? 0 : bucketPeak;
    if (!isFull) break;
    unit = bucket;
    unitPeak = bucketPeak;
  }
  return { next: { segments: state.segments + 1, bytes: state.bytes + bytes, peaks }, notes };
};

/** The peaks of a bucket's notes, in their order, up to at least `count` of them. */
export type ReadBucket = (level: number, bucket: number, count: number) => Promise<readonly number[]>;

/** How many full units a level has after so many segments. */
const unitsOf = (level: number, segments: number): number => Math.floor(segments / FAN_OUT ** (level - 1));

/** The highest level that has a full unit beginning at this segment: its bucket tells the most at once. */
const levelAt = (segment: number, segments: number): number => {
  let level = 1;
  for (;;) {
    const size = FAN_OUT ** level;
    if (segment % size !== 0 || segment / size >= unitsOf(level + 1, segments)) return level;
    level += 1;
  }
};

/** Into a unit that promises the timestamp. One that breaks its promise is found out by whoever reads the segment. */
const descend = async (read: ReadBucket, level: number, unit: number, timestamp: number): Promise<number> => {
  if (level === 1) return unit;
  const peaks = await read(level - 1, unit, FAN_OUT);
  const place = peaks.findIndex((peak) => peak >= timestamp);
  return descend(read, level - 1, unit * FAN_OUT + Math.max(place, 0), timestamp);
};

/**
 * The ordinal of the first segment from `first` to below `segments` whose peak is at least `timestamp`. Reads two buckets a level at
 * most: up from the start to the left edge of ever larger units, down at the right edge, and down into the unit that has it.
 */
export const findPeak = async (
  read: ReadBucket,
  first: number,
  segments: number,
  timestamp: number,
): Promise<number | undefined> => {
  let segment = first;
  while (segment < segments) {
    const level = levelAt(segment, segments);
    const size = FAN_OUT ** (level - 1);
    const unit = segment / size;
    const bucket = Math.floor(unit / FAN_OUT);
    const end = Math.min((bucket + 1) * FAN_OUT, unitsOf(level, segments));
    const peaks = await read(level, bucket, end - bucket * FAN_OUT);
    for (let at = unit; at < end; at += 1) {
      if (peaks[at - bucket * FAN_OUT]! >= timestamp) return descend(read, level, at, timestamp);
    }
    segment = end * size;
  }
  return undefined;
};
