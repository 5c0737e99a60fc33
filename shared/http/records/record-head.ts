import type { TopicName } from '../../contract/ids.ts';
import type { ByteOutput } from '../../lib/byte-output.ts';
import { DecimalField } from '../../lib/decimal.ts';

const NO_KEY_VALUE = ',"key":null,"value":';

/**
 * The beginning of one record after another, `{"offset":7,"partition":0,"timestamp":1760000000000`. Kept as bytes, since from a record
 * to the next one only a few digits differ.
 */
export class RecordHead {
  #bytes = new Uint8Array();
  /** The same memory, with `,"key":null,"value":` behind it: most records without a key go on like this. */
  #bytesToValue = new Uint8Array();
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

  /** Partition -1 is not shown. `toValue`: there is no key, and the value comes next. */
  write(out: ByteOutput, offset: number, partition: number, timestamp: number, toValue: boolean): void {
    if (partition === this.#partition && this.#offset?.fits(offset) && this.#timestamp?.fits(timestamp)) {
      this.#offset.write(offset);
      this.#timestamp.write(timestamp);
    } else this.#begin(offset, partition, timestamp);
    out.all(toValue ? this.#bytesToValue : this.#bytes);
  }

  #begin(offset: number, partition: number, timestamp: number): void {
    const start = `{"offset":${offset}`;
    const topic = this.#topic === undefined ? '' : `,"topic":"${this.#topic}"`;
    const middle = partition === -1 ? '' : `,"partition":${partition}`;
    const head = `${start}${topic}${middle},"timestamp":${timestamp}`;
    this.#bytesToValue = Uint8Array.from(Buffer.from(head + NO_KEY_VALUE, 'latin1'));
    this.#bytes = this.#bytesToValue.subarray(0, head.length);
    this.#partition = partition;
    this.#offset = new DecimalField(this.#bytes, start.length, offset);
    // A time before 1970 has a sign, and is written anew each time.
    this.#timestamp = timestamp < 0 ? undefined : new DecimalField(this.#bytes, head.length, timestamp);
  }
}
