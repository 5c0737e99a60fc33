import { ChasquiError } from '../contract/errors.ts';

export type ListKind = 'topics' | 'tenants' | 'keys' | 'groups' | 'subscriptions' | 'attempts';

/** Where a list goes on: behind this name. Opaque to clients, and good for lists of this kind only. */
export const encodeListCursor = (kind: ListKind, name: string): string =>
  Buffer.from(`${kind}:${name}`).toString('base64url');

/** @throws {ChasquiError} `invalid_cursor` for whatever no list of this kind has given. */
export const decodeListCursor = (kind: ListKind, cursor: string): string => {
  const text = Buffer.from(cursor, 'base64url').toString();
  const name = text.slice(kind.length + 1);
  if (name !== '' && encodeListCursor(kind, name) === cursor) return name;
  throw new ChasquiError('invalid_cursor', 'The cursor is not one that this list has given.');
};
