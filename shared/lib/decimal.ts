const ZERO = 0x30;
const MILLION = 1_000_000;

/** Digits of a whole number from 0 on. */
export function digitCount(value: number): number {
  let count = 1;
  for (let limit = 10; value >= limit; limit *= 10) count++;
  return count;
}

/** Writes a safe whole number from 0 on as exactly `count` digits that end before `end`; as many zeros as need be in front. */
export function writeDigits(target: Uint8Array, end: number, count: number, value: number): void {
  if (value < MILLION) {
    writeFew(target, end, count, value);
    return;
  }
  const high = Math.floor(value / MILLION);
  writeFew(target, end, 6, value - high * MILLION);
  writeDigits(target, end - 6, count - 6, high);
}

/** Small enough for arithmetic on 32 bits. */
function writeFew(target: Uint8Array, end: number, count: number, value: number): void {
  let rest = value | 0;
  for (let at = end - 1; at >= end - count; at--) {
    const tenth = (rest / 10) | 0;
    target[at] = ZERO + rest - tenth * 10;
    rest = tenth;
  }
}

/** Adds 0 to 9 to the digits that end before `end`. The sum must not have more digits than are there. */
function addFew(target: Uint8Array, end: number, few: number): void {
  let carry = few;
  for (let at = end - 1; carry > 0; at--) {
    const sum = target[at]! + carry;
    const over = sum > ZERO + 9;
    target[at] = over ? sum - 10 : sum;
    carry = over ? 1 : 0;
  }
}

/** A whole number that stands in a text, and is written over by one that hardly differs from it. */
export class DecimalField {
  readonly #target: Uint8Array;
  readonly #end: number;
  readonly #digits: number;
  readonly #smallest: number;
  readonly #limit: number;
  #value: number;

  /** `value`, from 0 on, stands in `target` in front of `end`. */
  constructor(target: Uint8Array, end: number, value: number) {
    this.#target = target;
    this.#end = end;
    this.#digits = digitCount(value);
    this.#limit = 10 ** this.#digits;
    this.#smallest = this.#digits === 1 ? 0 : this.#limit / 10;
    this.#value = value;
  }

  /** Whether it has as many digits. */
  fits(value: number): boolean {
    return value >= this.#smallest && value < this.#limit;
  }

  /** A value that fits. */
  write(value: number): void {
    const step = value - this.#value;
    if (step >= 0 && step < 10) addFew(this.#target, this.#end, step);
    else writeDigits(this.#target, this.#end, this.#digits, value);
    this.#value = value;
  }
}
