import { randomBytes } from 'node:crypto';
import type { Answer, Caller } from './http.ts';
import type {
  Fetched,
  FetchedRecord,
  FetchedTopic,
  KeyBody,
  ListBody,
  PartitionBody,
  Placed,
  Produced,
  ScopeBody,
  TopicBody,
} from './shapes.ts';

export const ALL_ACTIONS = ['produce', 'fetch', 'subscribe', 'manage'] as const;
export const EVERYTHING: readonly ScopeBody[] = [{ actions: ALL_ACTIONS, topics: ['*'] }];

/** A name that no other test has. */
export const freshName = (stem: string): string => `${stem}-${randomBytes(5).toString('hex')}`;

/** The answer, if it has one of these statuses; else an error that shows it. */
export const must = (answer: Answer, ...statuses: readonly number[]): Answer => {
  if (statuses.includes(answer.status)) return answer;
  throw new Error(`Expected ${statuses.join(' or ')}, got ${answer.status}: ${answer.text.slice(0, 600)}`);
};

export const makeTenant = async (operator: Caller, name = freshName('tenant')): Promise<string> => {
  must(await operator.put(`/v1/tenants/${name}`), 201);
  return name;
};

export const makeKey = async (operator: Caller, tenant: string, body: object = {}): Promise<KeyBody> => {
  const asked = { name: 'made for a test', scopes: EVERYTHING, ...body };
  return must(await operator.post(`/v1/tenants/${tenant}/keys`, asked), 201).json<KeyBody>();
};

export const makeTopic = async (api: Caller, spec: object = {}, name = freshName('topic')): Promise<TopicBody> =>
  must(await api.put(`/v1/topics/${name}`, spec), 201).json<TopicBody>();

export const produce = async (
  api: Caller,
  topic: string,
  records: readonly object[],
  query = '',
): Promise<Placed[]> => {
  const answer = must(await api.post(`/v1/topics/${topic}/records${query}`, { records }), 200);
  return [...answer.json<Produced>().results];
};

/** One JSON value, its bytes as they stand in `text`. */
export const produceText = (api: Caller, topic: string, text: string): Promise<Answer> =>
  api.send('POST', `/v1/topics/${topic}/records`, { body: text, headers: { 'content-type': 'application/json' } });

export const fetchFrom = async (api: Caller, topic: string, partition = 0, query = ''): Promise<Fetched> =>
  must(await api.get(`/v1/topics/${topic}/partitions/${partition}/records${query}`), 200).json<Fetched>();

export const fetchTopic = async (api: Caller, topic: string, query = ''): Promise<FetchedTopic> =>
  must(await api.get(`/v1/topics/${topic}/records${query}`), 200).json<FetchedTopic>();

/** Every record of a partition, page by page, by the offsets that the answers name. */
export const readPartition = async (
  api: Caller,
  topic: string,
  partition: number,
  page = '',
): Promise<FetchedRecord[]> => {
  const records: FetchedRecord[] = [];
  let answer = await fetchFrom(api, topic, partition, `?from=earliest${page}`);
  records.push(...answer.records);
  while (answer.nextOffset < answer.highWatermark) {
    answer = await fetchFrom(api, topic, partition, `?offset=${answer.nextOffset}${page}`);
    if (answer.records.length === 0)
      throw new Error(`An empty page at ${answer.nextOffset} of ${answer.highWatermark}.`);
    records.push(...answer.records);
  }
  return records;
};

export const partitionsOf = async (api: Caller, topic: string): Promise<PartitionBody[]> => {
  const all: PartitionBody[] = [];
  let path: string | undefined = `/v1/topics/${topic}/partitions`;
  while (path !== undefined) {
    const page: Partial<ListBody<PartitionBody>> = must(await api.get(path), 200).json();
    all.push(...(page.data ?? []));
    path = page.nextCursor ? `/v1/topics/${topic}/partitions?cursor=${encodeURIComponent(page.nextCursor)}` : undefined;
  }
  return all;
};

/** The high watermark of each partition: what a request without side effects leaves as it was. */
export const watermarks = async (api: Caller, topic: string): Promise<number[]> =>
  (await partitionsOf(api, topic)).map((partition) => partition.highWatermark);

/** A record's key or value as bytes, whichever form the answer chose; `undefined` where there is none. */
export const bytesOf = (plain: unknown, base64: string | undefined): Buffer | undefined => {
  if (base64 !== undefined) return Buffer.from(base64, 'base64');
  if (plain === undefined || plain === null) return undefined;
  return Buffer.from(typeof plain === 'string' ? plain : JSON.stringify(plain));
};

export const valueBytes = (record: FetchedRecord): Buffer | undefined => bytesOf(record.value, record.valueBase64);
