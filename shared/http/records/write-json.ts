import type { TopicName } from '../../contract/ids.ts';
import type { BufferPool } from '../../lib/buffer-pool.ts';
import { ByteOutput } from '../../lib/byte-output.ts';
import type { ReadBounds, Walk } from '../../log/read-bounds.ts';
import type { RecordCursor } from '../../log/record-batch/cursor.ts';
import type { PlacedEntry, RecordSink } from '../../log/record-sink.ts';
import { RecordHead } from './record-head.ts';
import { renderRecord } from './render-record.ts';
import { type Remembered, RenderedAnswer } from './rendered-answer.ts';

const OPENING = Buffer.from('{"records":[');
const COMMA = 0x2c;

export interface SinkOptions {
  /** Each record says which partition it is of. */
  readonly withPartition?: boolean;
  /** Where the answer's memory is from. */
  readonly pool?: BufferPool | undefined;
  /** What entries became before; for answers over one partition, which do not name it. */
  readonly remembered?: Remembered | undefined;
}

/** Renders an answer `{"records": […], …}` (contract section 5), straight into the bytes that are sent. */
export class JsonRecordSink implements RecordSink {
  readonly #out: ByteOutput;
  readonly #head = new RecordHead();
  readonly #withPartition: boolean;
  readonly #start: number;
  readonly #shared: RenderedAnswer | undefined;
  #undoTo: number;

  constructor({ withPartition = false, pool, remembered }: SinkOptions = {}) {
    this.#out = new ByteOutput(pool);
    this.#withPartition = withPartition;
    this.#shared = remembered && new RenderedAnswer(this.#out, COMMA, remembered);
    this.#out.copy(OPENING, 0, OPENING.length);
    this.#start = this.#out.at;
    this.#undoTo = this.#start;
  }

  get bytes(): number {
    return this.#out.at - this.#start + (this.#shared?.insertedBytes ?? 0);
  }

  add(cursor: RecordCursor, offset: number, partition: number): void {
    const out = this.#out;
    this.#undoTo = out.at;
    if (this.bytes > 0) out.byte(COMMA);
    const start = out.at;
    renderRecord(out, this.#head, cursor, offset, this.#withPartition ? partition : -1);
    this.#shared?.added(start);
  }

  begin(placed: PlacedEntry): void {
    this.#shared?.begin(placed);
  }

  knows(placed: PlacedEntry): boolean {
    return this.#shared?.knows(placed) === true;
  }

  recall(placed: PlacedEntry, offset: number, bounds: ReadBounds): Walk | undefined {
    return this.#shared?.recall(placed, offset, bounds, this.bytes);
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
    this.#shared?.undone();
  }

  /** Gives the answer's memory back, when nobody looks at it any more. */
  release(): void {
    if (this.#shared === undefined) this.#out.release();
    else this.#shared.release();
  }

  /** The whole answer, with these fields behind the records, in one piece or in several. The sink is of no use afterwards. */
  finish(fields: Readonly<Record<string, unknown>>): Buffer<ArrayBuffer> | readonly Uint8Array<ArrayBuffer>[] {
    const rest = JSON.stringify(fields);
    this.#out.text(rest === '{}' ? ']}' : `],${rest.slice(1)}`);
    return this.#shared?.parts() ?? this.#out.written();
  }
}
