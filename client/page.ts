export interface PageQuery {
  /** 1 to 1000 (100). */
  readonly limit?: number;
  readonly cursor?: string;
}

export interface Page<Item> {
  readonly data: readonly Item[];
  /** For the page behind this one; null where there is none. */
  readonly nextCursor: string | null;
}

/** Every item of a list, page after page. */
export async function* itemsOf<Item>(listPage: (query: PageQuery) => Promise<Page<Item>>): AsyncGenerator<Item, void> {
  let cursor: string | null = null;
  do {
    const page: Page<Item> = await listPage(cursor === null ? { limit: 1000 } : { limit: 1000, cursor });
    yield* page.data;
    cursor = page.nextCursor;
  } while (cursor !== null);
}
