/** Performs every item's work, at most `atOnce` of them at a time, in their order. Rejects with the first failure, at once. */
export const sideBySide = async <Item>(
  items: Iterable<Item>,
  atOnce: number,
  perform: (item: Item) => Promise<void>,
): Promise<void> => {
  const rest = items[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = rest.next(); !next.done; next = rest.next()) await perform(next.value);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
};
