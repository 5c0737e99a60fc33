import type { NamePage } from '../ports/topic-registry.ts';
import { decodeListCursor, encodeListCursor, type ListName } from './list-cursor.ts';

/** Read at once where some of it may be out of scope. */
const BATCH = 100;

export interface ListQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly prefix?: string | undefined;
}

export interface ListSource<Item> {
  readonly list: ListName;
  readonly read: (page: NamePage) => Promise<Item[]>;
  readonly nameOf: (item: Item) => string;
  /** What the caller may not see is passed over, so that a page is full whenever there is more. */
  readonly visible: (item: Item) => boolean;
}

export interface ListPage<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** @throws {ChasquiError} `invalid_cursor` */
export const listPage = async <Item>(source: ListSource<Item>, query: ListQuery): Promise<ListPage<Item>> => {
  const { list, nameOf } = source;
  const prefix = query.prefix === undefined ? {} : { prefix: query.prefix };
  const limit = Math.max(BATCH, query.limit + 1);
  const found: Item[] = [];
  let after = query.cursor === undefined ? undefined : decodeListCursor(list, query.cursor);
  for (;;) {
    const batch = await source.read({ ...prefix, ...(after === undefined ? {} : { after }), limit });
    found.push(...batch.filter(source.visible));
    const last = batch.at(-1);
    if (found.length > query.limit || last === undefined || batch.length < limit) break;
    after = nameOf(last);
  }
  const items = found.slice(0, query.limit);
  const lastShown = items.at(-1);
  const more = found.length > items.length && lastShown !== undefined;
  return { items, nextCursor: more ? encodeListCursor(list, nameOf(lastShown)) : null };
};
