import type { TopicId } from '../../contract/ids.ts';
import { ByteOutput } from '../../lib/byte-output.ts';
import { readCursor, writeCursor } from '../../log/cursor.ts';
import type { RecordCursor } from '../../log/record-batch/cursor.ts';
import type { RecordSink } from '../../log/record-sink.ts';
import { joinLines } from './join-lines.ts';
import { RecordHead } from './record-head.ts';
import { renderRecord } from './render-record.ts';

/**
 * Renders records as server-sent events (WHATWG HTML, "Server-sent events"). The `id` of each is the cursor behind it, so that a reader
 * that was cut off goes on with the very next record.
 */
export class EventRecordSink implements RecordSink {
  readonly #out = new ByteOutput();
  readonly #head = new RecordHead();
  readonly #topicId: TopicId;
  readonly #firstPartition: number;
  readonly #offsets: number[];
  #undoTo = 0;

  /** @param cursor Where reading begins. */
  constructor(topicId: TopicId, cursor: string, partitions: number) {
    const { offsets, firstPartition } = readCursor(cursor, topicId, partitions);
    this.#topicId = topicId;
    this.#firstPartition = firstPartition;
    this.#offsets = Array.from({ length: partitions }, (_, partition) => offsets[partition] ?? 0);
  }

  get bytes(): number {
    return this.#out.at;
  }

  add(cursor: RecordCursor, offset: number, partition: number): void {
    const out = this.#out;
    this.#undoTo = out.at;
    this.#offsets[partition] = offset + 1;
    const id = writeCursor({ topicId: this.#topicId, firstPartition: this.#firstPartition, offsets: this.#offsets });
    out.text(`id: ${id}\nevent: record\ndata: `);
    const start = out.at;
    renderRecord(out, this.#head, cursor, offset, partition);
    joinLines(out.bytes.subarray(start, out.at));
    out.text('\n\n');
  }

  /** What was taken back is the last record, so that no later `id` is behind it. */
  undo(): void {
    this.#out.at = this.#undoTo;
  }

  /** The events so far. The sink is of no use afterwards. */
  finish(): Buffer<ArrayBuffer> {
    return this.#out.written();
  }
}
