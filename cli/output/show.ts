import { fields } from './fields.ts';
import { type Column, table } from './table.ts';
import { write } from './write.ts';

interface Form {
  readonly json?: boolean;
}

/** One thing: its fields for people, an object on one line for machines. */
export const showOne = (thing: object, { json = false }: Form): Promise<void> =>
  write(json ? `${JSON.stringify(thing)}\n` : fields(thing));

/** Many things: a table for people, one array on one line for machines. */
export const showList = <Item>(
  items: readonly Item[],
  columns: readonly (Column & { readonly cell: (item: Item) => string })[],
  { json = false }: Form,
): Promise<void> => {
  if (json) return write(`${JSON.stringify(items)}\n`);
  return write(
    table(
      columns,
      items.map((item) => columns.map(({ cell }) => cell(item))),
    ),
  );
};
