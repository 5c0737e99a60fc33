import { bytesToUuid } from '../../../lib/uuid-bytes.ts';

/** Reads what a ByteWriter wrote. Every method throws a RangeError behind the end, so that damage never reads as data. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  u8(): number {
    return this.#bytes.readUInt8(this.#step(1));
  }

  u32(): number {
    return this.#bytes.readUInt32BE(this.#step(4));
  }

  u64(): number {
    const at = this.#step(8);
    return this.#bytes.readUInt32BE(at) * 2 ** 32 + this.#bytes.readUInt32BE(at + 4);
  }

  f64(): number {
    return this.#bytes.readDoubleBE(this.#step(8));
  }

  varint(): number {
    let value = 0;
    let unit = 1;
    for (;;) {
      const byte = this.u8();
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) {
        return value;
      }
      unit *= 0x80;
      if (unit > 2 ** 53) {
        throw new RangeError('A number is too long.');
      }
    }
  }

  /** A view, not a copy. */
  raw(length: number): Buffer {
    const at = this.#step(length);
    return this.#bytes.subarray(at, at + length);
  }

  block(): Buffer {
    return this.raw(this.varint());
  }

  text(): string {
    return this.block().toString('utf8');
  }

  uuid(): string {
    return bytesToUuid(this.#bytes, this.#step(16));
  }

  #step(by: number): number {
    const at = this.#at;
    if (at + by > this.#bytes.length) {
      throw new RangeError('Bytes end too early.');
    }
    this.#at = at + by;
    return at;
  }
}
