/** Levenshtein's distance, a row at a time. */
const distance = (left: string, right: string): number => {
  let row = Array.from({ length: right.length + 1 }, (_, n) => n);
  for (let l = 0; l < left.length; l++) {
    const next = [l + 1];
    for (let r = 0; r < right.length; r++) {
      const replaced = row[r]! + (left[l] === right[r] ? 0 : 1);
      next.push(Math.min(replaced, row[r + 1]! + 1, next[r]! + 1));
    }
    row = next;
  }
  return row[right.length]!;
};

/** The one of the candidates that takes the fewest changes to become. */
export const closest = (text: string, candidates: readonly string[]): string =>
  candidates.reduce((best, candidate) => (distance(text, candidate) < distance(text, best) ? candidate : best));
