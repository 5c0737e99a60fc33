import { ByteOutput } from '../../lib/byte-output.ts';
import type { RecordCursor } from '../../log/record-batch/cursor.ts';
import type { RecordSink } from '../../log/record-sink.ts';
import { joinLines } from './join-lines.ts';
import { RecordHead } from './record-head.ts';
import { renderRecord } from './render-record.ts';
import type { SinkOptions } from './write-json.ts';

const LINE_FEED = 0x0a;

/** Renders a record a line, straight into the bytes that are sent. */
export class NdjsonRecordSink implements RecordSink {
  readonly #out: ByteOutput;
  readonly #head = new RecordHead();
  readonly #withPartition: boolean;
  #undoTo = 0;

  constructor({ withPartition = false, pool }: SinkOptions = {}) {
    this.#out = new ByteOutput(pool);
    this.#withPartition = withPartition;
  }

  get bytes(): number {
    return this.#out.at;
  }

  add(cursor: RecordCursor, offset: number, partition: number): void {
    const out = this.#out;
    this.#undoTo = out.at;
    renderRecord(out, this.#head, cursor, offset, this.#withPartition ? partition : -1);
    joinLines(out.bytes.subarray(this.#undoTo, out.at));
    out.byte(LINE_FEED);
  }

  expect(bytes: number): void {
    this.#out.expect(bytes);
  }

  undo(): void {
    this.#out.at = this.#undoTo;
  }

  /** As in `JsonRecordSink`. */
  release(): void {
    this.#out.release();
  }

  /** The whole answer. The sink is of no use afterwards. */
  finish(): Buffer<ArrayBuffer> {
    return this.#out.written();
  }
}
