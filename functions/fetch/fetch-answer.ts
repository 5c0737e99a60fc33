import type { TopicName } from '../../shared/contract/ids.ts';
import { type Answer, JSON_HEADERS } from '../../shared/http/answer.ts';
import { JsonRecordSink, type SinkOptions } from '../../shared/http/records/write-json.ts';
import { NdjsonRecordSink } from '../../shared/http/records/write-ndjson.ts';
import type { FetchedPartition } from '../../shared/log/fetch-partition.ts';
import type { FetchedTopic } from '../../shared/log/fetch-topic.ts';

const NDJSON = 'application/x-ndjson';

/** In a header: 3 KiB at most. Clients take 16 KiB of headers, API Gateway 10 KiB, and 1024 partitions would make 200. */
const SKIPPED_IN_HEADER = 16;

type Sink = JsonRecordSink | NdjsonRecordSink;

export const sinkFor = (mediaType: string, options: SinkOptions): Sink =>
  mediaType === NDJSON ? new NdjsonRecordSink(options) : new JsonRecordSink(options);

/** Of how many partitions an answer has room to say what was skipped. */
export const roomForSkipped = (mediaType: string): number | undefined =>
  mediaType === NDJSON ? SKIPPED_IN_HEADER : undefined;

export function partitionAnswer(sink: Sink, fetched: FetchedPartition): Answer {
  if (sink instanceof JsonRecordSink) return jsonAnswer(sink, fetched);
  return ndjsonAnswer(sink, {
    'chasqui-next-offset': String(fetched.nextOffset),
    'chasqui-high-watermark': String(fetched.highWatermark),
    'chasqui-log-start-offset': String(fetched.logStartOffset),
  });
}

export function topicAnswer(sink: Sink, topic: TopicName, { cursor, skipped }: FetchedTopic): Answer {
  const named = skipped.map((range) => ({ topic, ...range }));
  if (sink instanceof JsonRecordSink)
    return jsonAnswer(sink, named.length === 0 ? { cursor } : { cursor, skipped: named });
  const headers = { 'chasqui-cursor': cursor };
  return ndjsonAnswer(sink, named.length === 0 ? headers : { ...headers, 'chasqui-skipped': JSON.stringify(named) });
}

const jsonAnswer = (sink: JsonRecordSink, fields: object): Answer => ({
  status: 200,
  headers: JSON_HEADERS,
  body: sink.finish({ ...fields }),
  sent: () => sink.release(),
});

const ndjsonAnswer = (sink: NdjsonRecordSink, headers: Answer['headers']): Answer => ({
  status: 200,
  headers: { 'content-type': NDJSON, ...headers },
  body: sink.finish(),
  sent: () => sink.release(),
});
