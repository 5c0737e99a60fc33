import type { TopicName } from '../../contract/ids.ts';
import type { ByteOutput } from '../../lib/byte-output.ts';
import { digitCount, writeDigits } from '../../lib/decimal.ts';

/**
 * The beginning of one record after another, `{"offset":7,"partition":0,"timestamp":1760000000000`. Kept as bytes, since from a record
 * to the next one only a few digits differ.
 */
export class RecordHead {
  #bytes = new Uint8Array();
  #topic: TopicName | undefined;
  #partition = -1;
  #offsetEnd = 0;
  #offsetDigits = 0;
  #timestamp = -1;
  #timestampDigits = 0;

  /** The records that follow are of this topic, and say so. */
  enter(topic: TopicName): void {
    if (topic === this.#topic) return;
    this.#topic = topic;
    this.#offsetDigits = 0;
  }

  /** Partition -1 is not shown. */
  write(out: ByteOutput, offset: number, partition: number, timestamp: number): void {
    if (partition !== this.#partition || !this.#fits(offset, timestamp)) this.#begin(offset, partition, timestamp);
    else {
      writeDigits(this.#bytes, this.#offsetEnd, this.#offsetDigits, offset);
      if (timestamp !== this.#timestamp) {
        writeDigits(this.#bytes, this.#bytes.length, this.#timestampDigits, timestamp);
        this.#timestamp = timestamp;
      }
    }
    out.all(this.#bytes);
  }

  /** Whether both have as many digits as those that are there. */
  #fits(offset: number, timestamp: number): boolean {
    if (digitCount(offset) !== this.#offsetDigits) return false;
    return timestamp === this.#timestamp || (timestamp >= 0 && digitCount(timestamp) === this.#timestampDigits);
  }

  #begin(offset: number, partition: number, timestamp: number): void {
    const start = `{"offset":${offset}`;
    const topic = this.#topic === undefined ? '' : `,"topic":"${this.#topic}"`;
    const middle = partition === -1 ? '' : `,"partition":${partition}`;
    this.#bytes = Uint8Array.from(Buffer.from(`${start}${topic}${middle},"timestamp":${timestamp}`, 'latin1'));
    this.#partition = partition;
    this.#offsetEnd = start.length;
    this.#offsetDigits = digitCount(offset);
    this.#timestamp = timestamp;
    // A time before 1970 has a sign, and is written anew each time.
    this.#timestampDigits = timestamp < 0 ? 0 : digitCount(timestamp);
  }
}
