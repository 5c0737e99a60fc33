/** Copying fewer bytes than this one by one costs less than the call of a native copy. */
const SHORT = 48;
/** Grows by four to 80 KiB, 320 KiB, 1.25 MiB, 5 MiB: few copies, and each a little over the answer sizes that are asked for. */
const FIRST_CAPACITY = 20 * 1024;
const GROWTH = 4;

/** A buffer that grows as it is written to. */
export class ByteOutput {
  bytes: Buffer<ArrayBuffer> = Buffer.allocUnsafe(FIRST_CAPACITY);
  /** Where the next byte goes. */
  at = 0;

  /** A view of what is there; no more may be written afterwards. */
  written(): Buffer<ArrayBuffer> {
    return this.bytes.subarray(0, this.at);
  }

  /** Makes sure of room for `more` bytes. */
  reserve(more: number): void {
    const needed = this.at + more;
    if (needed <= this.bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, GROWTH * this.bytes.length));
    this.bytes.copy(grown, 0, 0, this.at);
    this.bytes = grown;
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.at++] = value;
  }

  /** Copies `source[start, end)`. */
  copy(source: Buffer, start: number, end: number): void {
    const length = end - start;
    this.reserve(length);
    const { bytes, at } = this;
    if (length < SHORT) for (let n = 0; n < length; n++) bytes[at + n] = source[start + n]!;
    else source.copy(bytes, at, start, end);
    this.at = at + length;
  }

  text(text: string): void {
    this.reserve(Buffer.byteLength(text));
    this.at += this.bytes.write(text, this.at);
  }

  /** A safe integer, in decimal. */
  integer(value: number): void {
    this.reserve(20);
    let rest = value;
    if (rest < 0) {
      this.bytes[this.at++] = 0x2d;
      rest = -rest;
    }
    if (rest >= MILLION) {
      const high = Math.floor(rest / MILLION);
      this.#digits(high, digitCount(high));
      rest -= high * MILLION;
      this.#digits(rest, 6);
    } else this.#digits(rest, digitCount(rest));
  }

  #digits(value: number, count: number): void {
    let rest = value;
    for (let at = this.at + count - 1; at >= this.at; at--) {
      const tenth = Math.floor(rest / 10);
      this.bytes[at] = 0x30 + rest - tenth * 10;
      rest = tenth;
    }
    this.at += count;
  }
}

const MILLION = 1_000_000;

function digitCount(value: number): number {
  let count = 1;
  for (let limit = 10; value >= limit; limit *= 10) count++;
  return count;
}
