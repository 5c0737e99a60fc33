/**
 * Zigzag variable-length integers, as in Kafka's records and Protocol Buffers' `sint`: the lowest bit is the sign, seven bits a byte.
 * A number `n` below zero is kept as its magnitude `-1 - n`, which fits a double wherever `n` does; so nothing here needs BigInt.
 */

/** Of an integer within JavaScript's safe range. */
export function varintBytes(value: number): number {
  const magnitude = value < 0 ? -1 - value : value;
  if (magnitude < 0x40) return 1;
  if (magnitude < 0x2000) return 2;
  if (magnitude < 0x10_0000) return 3;
  let bytes = 4;
  for (let limit = 0x800_0000; magnitude >= limit; limit *= 128) bytes++;
  return bytes;
}

/** Writes a safe integer at `at`; answers the position behind it. */
export function writeVarint(target: Uint8Array, at: number, value: number): number {
  const sign = value < 0 ? 1 : 0;
  const magnitude = sign === 1 ? -1 - value : value;
  if (magnitude < 0x40) {
    target[at] = (magnitude << 1) | sign;
    return at + 1;
  }
  target[at] = 0x80 | ((magnitude % 0x40) << 1) | sign;
  let rest = Math.floor(magnitude / 0x40);
  let next = at + 1;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) target[next++] = 0x80 | (rest % 0x80);
  target[next] = rest;
  return next + 1;
}

/** Told of an integer that is cut off, too long or out of range. */
export type VarintFault = (at: number, reason: string) => never;

/** Reads integers one behind the other. `at` may be moved by the caller. */
export class VarintReader {
  readonly bytes: Uint8Array;
  readonly #fault: VarintFault;
  at = 0;

  constructor(bytes: Uint8Array, fault: VarintFault) {
    this.bytes = bytes;
    this.#fault = fault;
  }

  /** A 32-bit integer: at most five bytes. */
  read32(): number {
    const start = this.at;
    const first = this.bytes[start];
    if (first !== undefined && first < 0x80) {
      this.at = start + 1;
      return (first >>> 1) ^ -(first & 1);
    }
    const value = this.readSafe();
    if (this.at - start > 5 || value !== (value | 0)) this.#fault(start, 'a number does not fit 32 bits');
    return value;
  }

  /** A 64-bit integer, which has to be within JavaScript's safe range. */
  readSafe(): number {
    const start = this.at;
    let byte = this.#byte(start);
    const sign = byte & 1;
    let magnitude = (byte & 0x7f) >>> 1;
    for (let scale = 0x40; byte >= 0x80; scale *= 128) {
      byte = this.#byte(start);
      magnitude += (byte & 0x7f) * scale;
    }
    if (magnitude > Number.MAX_SAFE_INTEGER) this.#fault(start, 'a number is out of range');
    return sign === 1 ? -1 - magnitude : magnitude;
  }

  #byte(start: number): number {
    const byte = this.bytes[this.at];
    if (byte === undefined) return this.#fault(start, 'a number is cut off');
    if (this.at - start >= 10) return this.#fault(start, 'a number is longer than ten bytes');
    this.at++;
    return byte;
  }
}
