/** The middle value; of an even number of values, the mean of the two middle ones. Zero of none. */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
};

export const divide = (a: number, b: number): number => (b === 0 ? 0 : a / b);
