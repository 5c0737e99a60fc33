import type { NamePage } from '../../ports/topic-registry.ts';

/** The names of one page, in the order of their bytes: names are ASCII, where that is also the order of JavaScript's strings. */
export const pageOfNames = (names: Iterable<string>, { prefix = '', after, limit }: NamePage): string[] =>
  [...names]
    .filter((name) => name.startsWith(prefix) && (after === undefined || name > after))
    .sort((a, b) => (a < b ? -1 : 1))
    .slice(0, limit);
