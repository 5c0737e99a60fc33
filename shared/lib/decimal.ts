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
