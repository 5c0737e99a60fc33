import { ChasquiError } from '../contract/errors.ts';
import { type GroupName, parseTopicId, type TenantId, type TopicId } from '../contract/ids.ts';
import { readToken, writeToken } from '../lib/checked-token.ts';
import { bytesToUuid, uuidToBytes } from '../lib/uuid-bytes.ts';
import { VarintReader, varintBytes, writeVarint } from '../lib/varint.ts';

/**
 * Where a member stands. Opaque to clients, and all there is: no server remembers what it gave. As bytes, in base64url: version,
 * generation, the position to begin with, how many topics; of each topic its id and how many partitions, of each partition number,
 * ownership, seeks and offset, as varints; CRC-32C over tenant, group and all that, so that a cursor of another group is none.
 */
export interface GroupCursor {
  /** The member's, as it was given. */
  readonly generation: number;
  /** The position that is read first by the next call. */
  readonly first: number;
  readonly positions: readonly GroupPosition[];
}

export interface GroupPosition {
  readonly topicId: TopicId;
  readonly partition: number;
  /** Those of the lease when the position was given: it holds for no other. */
  readonly ownership: number;
  readonly seeks: number;
  /** The next offset to read. */
  readonly offset: number;
}

const VERSION = 2;
const ID_BYTES = 16;

export function writeGroupCursor(tenant: TenantId, group: GroupName, cursor: GroupCursor): string {
  const topics = new Map<TopicId, GroupPosition[]>();
  for (const position of cursor.positions) {
    const known = topics.get(position.topicId);
    if (known === undefined) topics.set(position.topicId, [position]);
    else known.push(position);
  }
  const parts = [numbers(VERSION, cursor.generation, cursor.first, topics.size)];
  for (const [id, positions] of topics) {
    parts.push(uuidToBytes(id), numbers(positions.length));
    for (const { partition, ownership, seeks, offset } of positions)
      parts.push(numbers(partition, ownership, seeks, offset));
  }
  return writeToken(Buffer.concat(parts), contextOf(tenant, group));
}

/** @throws {ChasquiError} `invalid_cursor` unless it was written for this group and is whole. */
export function readGroupCursor(tenant: TenantId, group: GroupName, text: string): GroupCursor {
  const body = readToken(text, contextOf(tenant, group));
  if (body === undefined) throw notOurs();
  return parse(body);
}

const notOurs = (): ChasquiError =>
  new ChasquiError('invalid_cursor', 'The cursor is damaged or was not made for this group.');

function parse(body: Buffer): GroupCursor {
  const reader = new VarintReader(body, () => {
    throw notOurs();
  });
  const [version, generation, first, topics] = [0, 0, 0, 0].map(() => reader.readSafe());
  if (version !== VERSION || generation === undefined || first === undefined) throw notOurs();
  const positions: GroupPosition[] = [];
  for (let left = topics ?? 0; left > 0; left -= 1) {
    const topicId = parseTopicId(bytesToUuid(body, reader.at));
    if (topicId === undefined) throw notOurs();
    reader.at += ID_BYTES;
    for (let count = reader.readSafe(); count > 0; count -= 1) {
      const partition = reader.readSafe();
      const ownership = reader.readSafe();
      positions.push({ topicId, partition, ownership, seeks: reader.readSafe(), offset: reader.readSafe() });
    }
  }
  if (reader.at !== body.length || first < 0) throw notOurs();
  return { generation, first, positions };
}

const contextOf = (tenant: TenantId, group: GroupName): string => `${tenant}/${group}/`;

function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.reduce((sum, value) => sum + varintBytes(value), 0));
  let at = 0;
  for (const value of values) at = writeVarint(bytes, at, value);
  return bytes;
}
