import { ChasquiError } from '../contract/errors.ts';
import type { SubscriptionId, TenantId } from '../contract/ids.ts';
import { LIMITS } from '../contract/limits.ts';
import { readToken, writeToken } from '../lib/checked-token.ts';

/** Which list it is, and whose. */
export type ListName =
  | 'tenants'
  | `${'topics' | 'keys' | 'groups' | 'subscriptions'} of ${TenantId}`
  | `attempts of ${TenantId}/${SubscriptionId}`;

/** Where a list goes on: behind this name. Opaque to clients, and good for this very list only. */
export const encodeListCursor = (list: ListName, name: string): string => writeToken(Buffer.from(name), list);

/** No thing in a list has a longer name; a store need not be asked for one. */
const isName = (text: string): boolean => text.length <= LIMITS.nameLength;

/** @throws {ChasquiError} `invalid_cursor` for whatever this list has not given. */
export const decodeListCursor = (list: ListName, cursor: string): string => {
  const name = readToken(cursor, list)?.toString();
  if (name !== undefined && isName(name)) return name;
  throw new ChasquiError('invalid_cursor', 'The cursor is not one that this list has given.');
};
