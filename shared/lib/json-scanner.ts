import { ScanError } from './scan-error.ts';

/**
 * Finds where a JSON value ends, without building it. Strict (RFC 8259): accepts what `JSON.parse` accepts, nesting aside, provided
 * that the bytes are valid UTF-8, which the caller checks once for the whole body (`buffer.isUtf8`).
 */
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_BRACKET = 0x5b;
export const CLOSE_BRACKET = 0x5d;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const PLUS = 0x2b;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const SPACE = 0x20;

const LITERALS: Readonly<Record<number, Uint8Array>> = {
  116: Buffer.from('true'),
  102: Buffer.from('false'),
  110: Buffer.from('null'),
};

/** 1 where a string cannot simply go on: its end, an escape, a control character. */
const STOPS = new Uint8Array(256).fill(1, 0, SPACE);
STOPS[QUOTE] = 1;
STOPS[BACKSLASH] = 1;

const HEX_DIGITS = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[0-9a-fA-F]/.test(String.fromCharCode(byte)) ? 1 : 0,
);
const ONE_LETTER_ESCAPES = Uint8Array.from({ length: 256 }, (_, byte) =>
  '"\\/bfnrt'.includes(String.fromCharCode(byte)) ? 1 : 0,
);

/** The position of the first byte from `at` on that is not white space, or `end`. */
export function skipSpace(bytes: Uint8Array, at: number, end: number): number {
  let next = at;
  while (next < end) {
    const byte = bytes[next]!;
    if (byte > SPACE || (byte !== SPACE && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)) break;
    next++;
  }
  return next;
}

/**
 * The position behind the value that starts at `at`, which holds at most `maxDepth` arrays and objects within each other.
 * @throws {ScanError}
 */
export function skipValue(bytes: Uint8Array, at: number, end: number, maxDepth: number): number {
  if (at >= end) throw new ScanError(at, 'unexpected end');
  const first = bytes[at]!;
  if (first === QUOTE) return skipString(bytes, at, end);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) {
    if (maxDepth < 1) throw new ScanError(at, 'too many levels of nesting', true);
    return first === OPEN_BRACE
      ? skipObject(bytes, at + 1, end, maxDepth - 1)
      : skipArray(bytes, at + 1, end, maxDepth - 1);
  }
  if (first === MINUS || (first >= ZERO && first <= NINE)) return skipNumber(bytes, at, end);
  return skipLiteral(bytes, at, end, LITERALS[first]);
}

/** From the opening quote to behind the closing one. @throws {ScanError} */
export function skipString(bytes: Uint8Array, at: number, end: number): number {
  let next = skipPlain(bytes, at + 1, end);
  while (next < end) {
    const byte = bytes[next]!;
    if (byte === QUOTE) return next + 1;
    if (byte !== BACKSLASH) throw new ScanError(next, 'control character in a string');
    next = skipPlain(bytes, skipEscape(bytes, next, end), end);
  }
  throw new ScanError(end, 'unexpected end');
}

/** To the next byte at which a string cannot simply go on. Eight at a time: a branch costs more than a look into the table. */
function skipPlain(bytes: Uint8Array, at: number, end: number): number {
  const stops = STOPS;
  let next = at;
  for (const last = end - 8; next <= last; next += 8) {
    const first = stops[bytes[next]!]! | stops[bytes[next + 1]!]! | stops[bytes[next + 2]!]! | stops[bytes[next + 3]!]!;
    const second =
      stops[bytes[next + 4]!]! | stops[bytes[next + 5]!]! | stops[bytes[next + 6]!]! | stops[bytes[next + 7]!]!;
    if ((first | second) !== 0) break;
  }
  while (next < end && stops[bytes[next]!] === 0) next++;
  return next;
}

function skipEscape(bytes: Uint8Array, at: number, end: number): number {
  if (at + 1 >= end) throw new ScanError(end, 'unexpected end');
  const letter = bytes[at + 1]!;
  if (ONE_LETTER_ESCAPES[letter] === 1) return at + 2;
  if (letter !== 0x75) throw new ScanError(at, 'unknown escape');
  for (let next = at + 2; next < at + 6; next++) {
    if (next >= end) throw new ScanError(end, 'unexpected end');
    if (HEX_DIGITS[bytes[next]!] === 0) throw new ScanError(at, 'unknown escape');
  }
  return at + 6;
}

function skipObject(bytes: Uint8Array, at: number, end: number, maxDepth: number): number {
  let next = skipSpace(bytes, at, end);
  if (next < end && bytes[next] === CLOSE_BRACE) return next + 1;
  for (;;) {
    expect(bytes, next, end, QUOTE);
    next = skipSpace(bytes, skipString(bytes, next, end), end);
    expect(bytes, next, end, COLON);
    next = skipValue(bytes, skipSpace(bytes, next + 1, end), end, maxDepth);
    next = skipSpace(bytes, next, end);
    if (next < end && bytes[next] === CLOSE_BRACE) return next + 1;
    expect(bytes, next, end, COMMA);
    next = skipSpace(bytes, next + 1, end);
  }
}

function skipArray(bytes: Uint8Array, at: number, end: number, maxDepth: number): number {
  let next = skipSpace(bytes, at, end);
  if (next < end && bytes[next] === CLOSE_BRACKET) return next + 1;
  for (;;) {
    next = skipSpace(bytes, skipValue(bytes, next, end, maxDepth), end);
    if (next < end && bytes[next] === CLOSE_BRACKET) return next + 1;
    expect(bytes, next, end, COMMA);
    next = skipSpace(bytes, next + 1, end);
  }
}

function skipNumber(bytes: Uint8Array, at: number, end: number): number {
  let next = bytes[at] === MINUS ? at + 1 : at;
  next = next < end && bytes[next] === ZERO ? next + 1 : skipDigits(bytes, next, end);
  if (next < end && bytes[next] === DOT) next = skipDigits(bytes, next + 1, end);
  if (next < end && (bytes[next]! | 0x20) === 0x65) {
    const sign = bytes[next + 1];
    next = skipDigits(bytes, next + 1 < end && (sign === PLUS || sign === MINUS) ? next + 2 : next + 1, end);
  }
  return next;
}

/** At least one. */
function skipDigits(bytes: Uint8Array, at: number, end: number): number {
  let next = at;
  while (next < end && bytes[next]! >= ZERO && bytes[next]! <= NINE) next++;
  if (next === at) unexpected(at, end);
  return next;
}

function skipLiteral(bytes: Uint8Array, at: number, end: number, literal: Uint8Array | undefined): number {
  if (literal === undefined) unexpected(at, end);
  for (let n = 0; n < literal.length; n++) {
    if (at + n >= end || bytes[at + n] !== literal[n]) unexpected(at + n, end);
  }
  return at + literal.length;
}

/** @throws {ScanError} unless this byte stands there. */
export function expect(bytes: Uint8Array, at: number, end: number, byte: number): void {
  if (at >= end || bytes[at] !== byte) unexpected(at, end);
}

function unexpected(at: number, end: number): never {
  throw new ScanError(Math.min(at, end), at >= end ? 'unexpected end' : 'unexpected character');
}
