import { LIMITS } from '../../contract/limits.ts';
import type { RecordInput } from '../../contract/record.ts';
import { recordTooLarge } from './record-fault.ts';

/** Key, value and headers together: what the limit is about. */
function recordBytes(record: RecordInput): number {
  let bytes = (record.key?.length ?? 0) + (record.value?.length ?? 0);
  for (let n = 0; n < record.headers.length; n++) {
    bytes += Buffer.byteLength(record.headers[n]!.name) + record.headers[n]!.value.length;
  }
  return bytes;
}

/** @throws {ChasquiError} `payload_too_large` */
export function checkRecordBytes(record: RecordInput, path: () => string): void {
  const bytes = recordBytes(record);
  if (bytes > LIMITS.recordBytes) throw recordTooLarge(path(), bytes);
}
