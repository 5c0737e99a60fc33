import type {
  FetchedRecord,
  FetchLimits,
  Lines,
  PartitionBounds,
  PartitionStart,
  SkippedRange,
  TopicStart,
} from './fetched.ts';
import { type ApiAnswer, jsonOf, linesOf, NDJSON, pathOf, type Transport } from './transport.ts';

const AS_LINES = { accept: NDJSON };

const boundsOf = ({ headers }: ApiAnswer): PartitionBounds => ({
  nextOffset: Number(headers.get('chasqui-next-offset')),
  highWatermark: Number(headers.get('chasqui-high-watermark')),
  logStartOffset: Number(headers.get('chasqui-log-start-offset')),
});

export const fetchOf = (transport: Transport) => {
  const get = (
    path: string,
    { signal, ...query }: FetchLimits & (PartitionStart | TopicStart),
    headers: Readonly<Record<string, string>> = {},
  ): Promise<ApiAnswer> => transport({ method: 'GET', path, query, headers, waitMs: query.waitMs, signal });
  const partitionPath = (topic: string, partition: number) =>
    pathOf('v1', 'topics', topic, 'partitions', partition, 'records');
  const topicPath = (topic: string) => pathOf('v1', 'topics', topic, 'records');
  return {
    fetchPartition: async (
      topic: string,
      partition: number,
      query: FetchLimits & PartitionStart = {},
    ): Promise<PartitionBounds & { readonly records: readonly FetchedRecord[] }> =>
      jsonOf(await get(partitionPath(topic, partition), query)),
    fetchPartitionLines: async (
      topic: string,
      partition: number,
      query: FetchLimits & PartitionStart = {},
    ): Promise<PartitionBounds & Lines> => {
      const answer = await get(partitionPath(topic, partition), query, AS_LINES);
      return { ...boundsOf(answer), lines: linesOf(answer) };
    },
    /** All partitions. Every answer has the `cursor` of the next call. */
    fetchTopic: async (
      topic: string,
      query: FetchLimits & TopicStart = {},
    ): Promise<{
      readonly records: readonly FetchedRecord[];
      readonly cursor: string;
      readonly skipped?: readonly SkippedRange[];
    }> => jsonOf(await get(topicPath(topic), query)),
    fetchTopicLines: async (
      topic: string,
      query: FetchLimits & TopicStart = {},
    ): Promise<Lines & { readonly cursor: string; readonly skipped: readonly SkippedRange[] }> => {
      const answer = await get(topicPath(topic), query, AS_LINES);
      const { headers } = answer;
      const skipped = JSON.parse(headers.get('chasqui-skipped') ?? '[]') as SkippedRange[];
      return { cursor: headers.get('chasqui-cursor') ?? '', lines: linesOf(answer), skipped };
    },
  };
};
