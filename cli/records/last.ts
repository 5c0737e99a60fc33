import type { Client } from '../../client/client.ts';
import { linesOf } from './lines.ts';
import { partitionPages } from './pages.ts';
import { parseRecordLine, type RecordLine } from './record-line.ts';

const lastOfPartition = async (client: Client, topic: string, partition: number, n: number): Promise<RecordLine[]> => {
  const records: RecordLine[] = [];
  for await (const lines of partitionPages(client, topic, partition, { tail: n }, { limit: n })) {
    records.push(...linesOf(lines).map((line) => parseRecordLine(line, partition)));
  }
  return records;
};

/** By time; the records of a partition stay in their order, whatever times their producers gave them. */
const mergeByTime = (partitions: readonly (readonly RecordLine[])[]): RecordLine[] =>
  partitions
    .flatMap((records) => {
      let latest = Number.NEGATIVE_INFINITY;
      return records.map((record) => {
        latest = Math.max(latest, record.timestamp);
        return { record, time: latest };
      });
    })
    .sort((a, b) => a.time - b.time)
    .map(({ record }) => record);

/** The last `n` records of a partition, or of all of them taken together. */
export const lastRecords = async (
  client: Client,
  topic: string,
  partition: number | undefined,
  n: number,
): Promise<RecordLine[]> => {
  if (n === 0) return [];
  if (partition !== undefined) return lastOfPartition(client, topic, partition, n);
  const { data } = await client.topics.partitions(topic);
  const filled = data.filter(({ logStartOffset, highWatermark }) => highWatermark > logStartOffset);
  const partitions = await Promise.all(filled.map((state) => lastOfPartition(client, topic, state.partition, n)));
  return mergeByTime(partitions).slice(-n);
};
