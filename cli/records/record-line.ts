import { membersOf } from './members.ts';

/** A fetched record, read from its line without touching its value. */
export interface RecordLine {
  readonly line: string;
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly members: ReadonlyMap<string, string>;
}

/** Answers of one partition do not name it; then it is `partition`, and the line is given it. */
export const parseRecordLine = (line: string, partition?: number): RecordLine => {
  const members = membersOf(line);
  const named = members.get('partition');
  const isNamed = named !== undefined || partition === undefined;
  return {
    line: isNamed ? line : line.replace(/^\{("offset":\d+,)?/, `{$1"partition":${partition},`),
    partition: Number(named ?? partition),
    offset: Number(members.get('offset')),
    timestamp: Number(members.get('timestamp')),
    members,
  };
};

const decode = (members: ReadonlyMap<string, string>, name: string): Buffer | undefined => {
  const base64 = members.get(`${name}Base64`);
  if (base64 !== undefined) return Buffer.from(JSON.parse(base64) as string, 'base64');
  const text = members.get(name);
  if (text === undefined || text === 'null') return undefined;
  return Buffer.from(text.startsWith('"') ? (JSON.parse(text) as string) : text, 'utf8');
};

/** The value's own bytes: of a string its text, of other JSON the JSON. Undefined for a tombstone. */
export const valueBytes = ({ members }: RecordLine): Buffer | undefined => decode(members, 'value');

/** A key or a value as people read it. */
export const textOf = ({ members }: RecordLine, name: 'key' | 'value'): string => {
  const base64 = members.get(`${name}Base64`);
  if (base64 !== undefined) return `base64:${JSON.parse(base64) as string}`;
  return decode(members, name)?.toString('utf8') ?? '';
};
