import type { TopicName } from '../../contract/ids.ts';
import type { ByteOutput } from '../../lib/byte-output.ts';
import { DecimalField } from '../../lib/decimal.ts';

/**
 * The beginning of one record after another, `{"offset":7,"partition":0,"timestamp":1760000000000`. Kept as bytes, since from a record
 * to the next one only a few digits differ.
 */
export class RecordHead {
  #bytes = new Uint8Array();
  #topic: TopicName | undefined;
  #partition = -1;
  #offset: DecimalField | undefined;
  #timestamp: DecimalField | undefined;

  /** The records that follow are of this topic, and say so. */
  enter(topic: TopicName): void {
    if (topic === this.#topic) return;
    this.#topic = topic;
    this.#offset = undefined;
  }

  /** Partition -1 is not shown. */
  write(out: ByteOutput, offset: number, partition: number, timestamp: number): void {
    if (partition === this.#partition && this.#offset?.fits(offset) && this.#timestamp?.fits(timestamp)) {
      this.#offset.write(offset);
      this.#timestamp.write(timestamp);
    } else this.#begin(offset, partition, timestamp);
    out.all(this.#bytes);
  }

  #begin(offset: number, partition: number, timestamp: number): void {
    const start = `{"offset":${offset}`;
    const topic = this.#topic === undefined ? '' : `,"topic":"${this.#topic}"`;
    const middle = partition === -1 ? '' : `,"partition":${partition}`;
    this.#bytes = Uint8Array.from(Buffer.from(`${start}${topic}${middle},"timestamp":${timestamp}`, 'latin1'));
    this.#partition = partition;
    this.#offset = new DecimalField(this.#bytes, start.length, offset);
    // A time before 1970 has a sign, and is written anew each time.
    this.#timestamp = timestamp < 0 ? undefined : new DecimalField(this.#bytes, this.#bytes.length, timestamp);
  }
}
