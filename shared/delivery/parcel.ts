import type { PendingRetry } from '../ports/subscription-store.ts';
import type { DeliveryRecord } from './delivery-record.ts';

/** What goes out in one request: one record, or a batch of neighbours. */
export interface Parcel {
  /** The first offset that it covers, and the one behind its last: records that the filter let fall are covered too. */
  readonly from: number;
  to: number;
  /** It was put together before a restart, of all records up to this offset: it has to be the same again. */
  readonly fixedTo?: number;
  /** What it is put together of is stored, or is about to be: whoever tries it again makes the same of it. */
  planned: boolean;
  /** At least one, in order. */
  readonly records: DeliveryRecord[];
  /** Of all its records. */
  bytes: number;
  /** Of those records that have one; no two parcels of one key are under way at once. */
  readonly keys: string[];
  /** No more records may join. */
  sealed: boolean;
  /** Milliseconds since the epoch, when its first record was seen. */
  readonly seenAt: number;
  state: 'waiting' | 'sending' | 'done';
  /** Tries so far. */
  attempts: number;
  failedAt: number;
  /** Milliseconds since the epoch. */
  nextTryAt: number;
}

export const newParcel = (from: number, seenAt: number, retry: PendingRetry | undefined): Parcel => ({
  from: retry?.from ?? from,
  to: from + 1,
  ...(retry === undefined ? {} : { fixedTo: retry.to }),
  planned: retry !== undefined,
  records: [],
  bytes: 0,
  keys: [],
  sealed: false,
  seenAt,
  state: 'waiting',
  attempts: retry?.attempts ?? 0,
  failedAt: retry?.failedAt ?? 0,
  nextTryAt: retry?.nextTryAt ?? seenAt,
});

export const join = (parcel: Parcel, record: DeliveryRecord): void => {
  parcel.records.push(record);
  parcel.bytes += record.bytes;
  parcel.to = record.offset + 1;
  if (record.key === null) return;
  const key = record.key.toString('latin1');
  if (!parcel.keys.includes(key)) parcel.keys.push(key);
};

export const firstOffset = ({ records }: Parcel): number => records[0]!.offset;
export const lastOffset = ({ records }: Parcel): number => records.at(-1)!.offset;
