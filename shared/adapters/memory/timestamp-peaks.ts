/**
 * Entries whose `maxTimestamp` is above that of every entry before them, from the log start on. Both fields rise from one peak to the
 * next, and the first entry that reaches a timestamp is always a peak, so that a binary search among them finds it.
 */
export interface Peak {
  readonly baseOffset: number;
  readonly maxTimestamp: number;
}

export const notePeak = (peaks: Peak[], next: Peak): void => {
  const last = peaks.at(-1);
  if (last === undefined || next.maxTimestamp > last.maxTimestamp) peaks.push(next);
};

/** The first peak that reaches `timestamp`. */
export const firstPeakFrom = (peaks: readonly Peak[], timestamp: number): Peak | undefined => {
  let low = 0;
  let high = peaks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (peaks[middle]!.maxTimestamp >= timestamp) high = middle;
    else low = middle + 1;
  }
  return peaks[low];
};
