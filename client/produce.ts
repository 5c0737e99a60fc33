import type { SideEffects } from '../shared/contract/errors.ts';
import { type ApiAnswer, jsonOf, NDJSON, pathOf, type Transport } from './transport.ts';

/** No value at all is a tombstone. Bytes that are not text or JSON go as base64. */
export interface ProduceRecord {
  readonly key?: string;
  readonly keyBase64?: string;
  readonly value?: unknown;
  readonly valueBase64?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly timestamp?: number;
  readonly partition?: number;
}

export interface StoredRecord {
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
}

export interface RefusedRecord {
  readonly error: {
    readonly code: string;
    readonly detail: string;
    readonly retryable: boolean;
    readonly sideEffects: SideEffects;
  };
}

export interface ProduceAnswer {
  /** One for each record, in order. */
  readonly results: readonly (StoredRecord | RefusedRecord)[];
  /** Whether an earlier request with this idempotency key had stored the records. */
  readonly replayed: boolean;
}

export interface ProduceOptions {
  /** 1 to 255 visible ASCII characters. With one, sending the same again within a day stores nothing twice, so a retry is safe. */
  readonly idempotencyKey?: string;
  /** Stores the records only if this is the partition's high watermark. */
  readonly expectedOffset?: number;
  readonly signal?: AbortSignal;
}

export const isRefused = (result: StoredRecord | RefusedRecord): result is RefusedRecord => 'error' in result;

const answerOf = (answer: ApiAnswer): ProduceAnswer => ({
  results: jsonOf<Pick<ProduceAnswer, 'results'>>(answer).results,
  replayed: answer.headers.get('idempotency-replayed') === 'true',
});

const headersOf = ({ idempotencyKey }: ProduceOptions): Record<string, string> =>
  idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey };

const send = async (
  transport: Transport,
  topic: string,
  body: { readonly contentType: string; readonly bytes: string | Uint8Array },
  options: ProduceOptions,
): Promise<ProduceAnswer> =>
  answerOf(
    await transport({
      method: 'POST',
      path: pathOf('v1', 'topics', topic, 'records'),
      query: { expectedOffset: options.expectedOffset },
      body: body.bytes,
      headers: { ...headersOf(options), 'content-type': body.contentType },
      signal: options.signal,
    }),
  );

export const produceOf = (transport: Transport) => ({
  /** Up to 10,000 records and 4 MiB. A record that could not be stored has an `error` in its result: see `isRefused`. */
  produce: (topic: string, records: readonly ProduceRecord[], options: ProduceOptions = {}): Promise<ProduceAnswer> =>
    send(transport, topic, { contentType: 'application/json', bytes: JSON.stringify({ records }) }, options),
  /** The same with a record a line, whose values are stored as they stand, every digit and every byte. */
  produceNdjson: (topic: string, lines: string | Uint8Array, options: ProduceOptions = {}): Promise<ProduceAnswer> =>
    send(transport, topic, { contentType: NDJSON, bytes: lines }, options),
});
