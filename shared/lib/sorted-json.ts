const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]));
};

/** JSON in one form: its names are sorted, so that equal things are equal texts however they were put together. */
export const sortedJson = (thing: unknown): string => JSON.stringify(sorted(thing));
