import { ScanError } from './scan-error.ts';
import { findStringStops, type StringStops } from './string-stops.ts';

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

/** Most strings of JSON (names, numbers as text, ids) end within so many bytes. */
const SOON_BYTES = 24;

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

/** Texts below this size are looked at byte by byte. */
const FEW_BYTES = 192;

/** Passes over the parts of one text, whose bytes must not change meanwhile. Every method throws `ScanError` where it is not JSON. */
export class JsonScanner {
  readonly bytes: Uint8Array;
  readonly end: number;
  readonly #stops: StringStops | undefined;

  constructor(bytes: Uint8Array, end = bytes.length) {
    this.bytes = bytes;
    this.end = end;
    this.#stops = end < FEW_BYTES ? undefined : findStringStops(bytes, end);
  }

  /** The position of the first byte from `at` on that is not white space, or the end. */
  skipSpace(at: number): number {
    return skipSpace(this.bytes, at, this.end);
  }

  /** The position behind the value that starts at `at`, which holds at most `maxDepth` arrays and objects within each other. */
  skipValue(at: number, maxDepth: number): number {
    if (at >= this.end) throw new ScanError(at, 'unexpected end');
    const first = this.bytes[at]!;
    if (first === QUOTE) return this.skipString(at);
    if (first === OPEN_BRACE || first === OPEN_BRACKET) {
      if (maxDepth < 1) throw new ScanError(at, 'too many levels of nesting', true);
      return first === OPEN_BRACE ? this.#skipObject(at + 1, maxDepth - 1) : this.#skipArray(at + 1, maxDepth - 1);
    }
    if (first === MINUS || (first >= ZERO && first <= NINE)) return this.#skipNumber(at);
    return this.#skipLiteral(at, LITERALS[first]);
  }

  /** From the opening quote to behind the closing one. */
  skipString(at: number): number {
    let next = this.#skipPlain(at + 1);
    while (next < this.end) {
      const byte = this.bytes[next]!;
      if (byte === QUOTE) return next + 1;
      if (byte !== BACKSLASH) throw new ScanError(next, 'control character in a string');
      next = this.#skipPlain(this.#skipEscape(next));
    }
    throw new ScanError(this.end, 'unexpected end');
  }

  /** This byte has to stand there. */
  expect(at: number, byte: number): void {
    if (at >= this.end || this.bytes[at] !== byte) this.#unexpected(at);
  }

  /** To the next byte at which a string cannot simply go on: most end within a few bytes, the others are many bytes long. */
  #skipPlain(at: number): number {
    const { bytes, end } = this;
    const soon = this.#stops === undefined ? end : Math.min(end, at + SOON_BYTES);
    let next = at;
    while (next < soon && STOPS[bytes[next]!] === 0) next++;
    return next < soon || this.#stops === undefined ? next : this.#stops.next(next);
  }

  #skipEscape(at: number): number {
    const { bytes, end } = this;
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

  #skipObject(at: number, maxDepth: number): number {
    let next = this.skipSpace(at);
    if (next < this.end && this.bytes[next] === CLOSE_BRACE) return next + 1;
    for (;;) {
      this.expect(next, QUOTE);
      next = this.skipSpace(this.skipString(next));
      this.expect(next, COLON);
      next = this.skipSpace(this.skipValue(this.skipSpace(next + 1), maxDepth));
      if (next < this.end && this.bytes[next] === CLOSE_BRACE) return next + 1;
      this.expect(next, COMMA);
      next = this.skipSpace(next + 1);
    }
  }

  #skipArray(at: number, maxDepth: number): number {
    let next = this.skipSpace(at);
    if (next < this.end && this.bytes[next] === CLOSE_BRACKET) return next + 1;
    for (;;) {
      next = this.skipSpace(this.skipValue(next, maxDepth));
      if (next < this.end && this.bytes[next] === CLOSE_BRACKET) return next + 1;
      this.expect(next, COMMA);
      next = this.skipSpace(next + 1);
    }
  }

  #skipNumber(at: number): number {
    const { bytes, end } = this;
    let next = bytes[at] === MINUS ? at + 1 : at;
    next = next < end && bytes[next] === ZERO ? next + 1 : this.#skipDigits(next);
    if (next < end && bytes[next] === DOT) next = this.#skipDigits(next + 1);
    if (next < end && (bytes[next]! | 0x20) === 0x65) {
      const sign = bytes[next + 1];
      next = this.#skipDigits(next + 1 < end && (sign === PLUS || sign === MINUS) ? next + 2 : next + 1);
    }
    return next;
  }

  /** At least one. */
  #skipDigits(at: number): number {
    const { bytes, end } = this;
    let next = at;
    while (next < end && bytes[next]! >= ZERO && bytes[next]! <= NINE) next++;
    if (next === at) this.#unexpected(at);
    return next;
  }

  #skipLiteral(at: number, literal: Uint8Array | undefined): number {
    if (literal === undefined) this.#unexpected(at);
    for (let n = 0; n < literal.length; n++) {
      if (at + n >= this.end || this.bytes[at + n] !== literal[n]) this.#unexpected(at + n);
    }
    return at + literal.length;
  }

  #unexpected(at: number): never {
    throw new ScanError(Math.min(at, this.end), at >= this.end ? 'unexpected end' : 'unexpected character');
  }
}
