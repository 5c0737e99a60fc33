import type { Attendance } from './admit.ts';
import { fenced } from './fenced.ts';
import type { GroupCursor, GroupPosition } from './group-cursor.ts';
import { isOwnedBy, keyOf } from './lease-changes.ts';

/** What a member was given, by the cursor of its last answer: the next offset of each partition, by `keyOf`. */
export type Given = ReadonlyMap<string, GroupPosition>;

/**
 * What of a cursor still holds: for the generation and the ownerships under which it was given.
 * @throws {ChasquiError} `fenced` where the group was moved to other offsets since.
 */
export function givenBy(cursor: GroupCursor | undefined, { me, state }: Attendance): Given {
  const given = new Map<string, GroupPosition>();
  if (cursor?.generation !== me.generation) return given;
  const mine = new Map(state.leases.filter((lease) => isOwnedBy(lease, me)).map((lease) => [keyOf(lease), lease]));
  for (const position of cursor.positions) {
    const lease = mine.get(keyOf(position));
    if (lease === undefined) continue;
    if (lease.seeks !== position.seeks)
      throw fenced(state, me.name, 'The cursor is older than a seek of the group; poll once without one.');
    if (lease.ownership === position.ownership) given.set(keyOf(position), position);
  }
  return given;
}
