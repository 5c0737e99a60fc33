import type { TopicName } from '../../contract/ids.ts';
import type { BufferPool } from '../../lib/buffer-pool.ts';
import { ByteOutput } from '../../lib/byte-output.ts';
import type { RecordCursor } from '../../log/record-batch/cursor.ts';
import type { RecordSink } from '../../log/record-sink.ts';
import { RecordHead } from './record-head.ts';
import { renderRecord } from './render-record.ts';

const OPENING = Buffer.from('{"records":[');
const COMMA = 0x2c;

export interface SinkOptions {
  /** Each record says which partition it is of. */
  readonly withPartition?: boolean;
  /** Where the answer's memory is from. */
  readonly pool?: BufferPool | undefined;
}

/** Renders an answer `{"records": […], …}` (contract section 5), straight into the bytes that are sent. */
export class JsonRecordSink implements RecordSink {
  readonly #out: ByteOutput;
  readonly #head = new RecordHead();
  readonly #withPartition: boolean;
  readonly #start: number;
  #undoTo: number;

  constructor({ withPartition = false, pool }: SinkOptions = {}) {
    this.#out = new ByteOutput(pool);
    this.#withPartition = withPartition;
    this.#out.copy(OPENING, 0, OPENING.length);
    this.#start = this.#out.at;
    this.#undoTo = this.#start;
  }

  get bytes(): number {
    return this.#out.at - this.#start;
  }

  add(cursor: RecordCursor, offset: number, partition: number): void {
    const out = this.#out;
    this.#undoTo = out.at;
    if (out.at > this.#start) out.byte(COMMA);
    renderRecord(out, this.#head, cursor, offset, this.#withPartition ? partition : -1);
  }

  /** The records that follow say that they are of this topic. */
  enter(topic: TopicName): void {
    this.#head.enter(topic);
  }

  expect(bytes: number): void {
    this.#out.expect(bytes);
  }

  undo(): void {
    this.#out.at = this.#undoTo;
  }

  /** Gives the answer's memory back, when nobody looks at it any more. */
  release(): void {
    this.#out.release();
  }

  /** The whole answer, with these fields behind the records. The sink is of no use afterwards. */
  finish(fields: Readonly<Record<string, unknown>>): Buffer<ArrayBuffer> {
    const rest = JSON.stringify(fields);
    this.#out.text(rest === '{}' ? ']}' : `],${rest.slice(1)}`);
    return this.#out.written();
  }
}
