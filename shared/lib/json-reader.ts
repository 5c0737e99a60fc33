import * as json from './json-scanner.ts';
import { ScanError } from './scan-error.ts';

const NULL_FIRST_LETTER = 0x6e;
const LONE_SURROGATE = /\p{Surrogate}/u;

export const isWellFormed = (text: string): boolean => !LONE_SURROGATE.test(text);

/**
 * Walks a JSON text in order, for callers that know which fields they want and where. Values that they do not look into are passed
 * over as bytes. The bytes have to be valid UTF-8. Every method throws `ScanError` where the text is not JSON.
 */
export class JsonReader {
  readonly bytes: Buffer;
  readonly #scanner: json.JsonScanner;
  at: number;
  readonly end: number;
  /** Of the field that `nextField` has found, without the quotes. */
  #nameStart = 0;
  #nameEnd = 0;
  /** Right behind an opening brace or bracket. */
  #fresh = false;

  constructor(bytes: Buffer, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
    this.#scanner = new json.JsonScanner(bytes, end);
  }

  /** Passes white space; answers the byte that stands there, -1 at the end. */
  peek(): number {
    this.at = this.#scanner.skipSpace(this.at);
    return this.at < this.end ? this.bytes[this.at]! : -1;
  }

  /** There may be nothing more. */
  finish(): void {
    if (this.peek() !== -1) throw new ScanError(this.at, 'unexpected character');
  }

  /** Passes `{` or `[`. */
  enter(bracket: typeof json.OPEN_BRACE | typeof json.OPEN_BRACKET): void {
    this.#pass(bracket);
    this.#fresh = true;
  }

  /** Passes the name and the colon of the next field; false: passes the closing brace. */
  nextField(): boolean {
    if (!this.#more(json.CLOSE_BRACE)) return false;
    this.peek();
    this.#scanner.expect(this.at, json.QUOTE);
    this.#nameStart = this.at + 1;
    this.at = this.#scanner.skipString(this.at);
    this.#nameEnd = this.at - 1;
    this.#pass(json.COLON);
    this.peek();
    return true;
  }

  /** Comes to the next element of an array; false: passes the closing bracket. */
  nextElement(): boolean {
    if (!this.#more(json.CLOSE_BRACKET)) return false;
    this.peek();
    return true;
  }

  /** The present field's name, decoded. */
  name(): string {
    return this.#decode(this.#nameStart, this.#nameEnd);
  }

  /** Which of these (ASCII) the present field's name is; -1: none. */
  nameAmong(names: readonly Uint8Array[]): number {
    const length = this.#nameEnd - this.#nameStart;
    for (let n = 0; n < names.length; n++) {
      if (names[n]!.length === length && this.#isNamed(names[n]!)) return n;
    }
    if (!this.#isEscaped(this.#nameStart, this.#nameEnd)) return -1;
    const name = this.name();
    return names.findIndex((candidate) => name === Buffer.from(candidate).toString('latin1'));
  }

  /** Passes the value, whatever it is; answers where it ends. It starts at the `at` before. */
  skipValue(maxDepth: number): number {
    this.at = this.#scanner.skipValue(this.at, maxDepth);
    return this.at;
  }

  /** Passes a `null`; false: there is something else, and nothing was passed. */
  skipNull(): boolean {
    if (this.at >= this.end || this.bytes[this.at] !== NULL_FIRST_LETTER) return false;
    this.skipValue(0);
    return true;
  }

  /** Passes a string, which has to stand here; its text may hold lone surrogates. */
  readString(): string {
    const start = this.at + 1;
    this.at = this.#scanner.skipString(this.at);
    return this.#decode(start, this.at - 1);
  }

  /** Passes a string, which has to stand here; its UTF-8, mostly a view. Undefined: it holds a lone surrogate. */
  readStringBytes(): Buffer | undefined {
    const start = this.at + 1;
    this.at = this.#scanner.skipString(this.at);
    if (!this.#isEscaped(start, this.at - 1)) return this.bytes.subarray(start, this.at - 1);
    const text = this.#decode(start, this.at - 1);
    return isWellFormed(text) ? Buffer.from(text) : undefined;
  }

  /** Passes a value; its number if it is written with digits only and is a safe integer, else NaN. */
  readDigits(maxDepth: number): number {
    const start = this.at;
    const end = this.skipValue(maxDepth);
    let value = 0;
    for (let at = start; at < end; at++) {
      const digit = this.bytes[at]! - 0x30;
      if (digit < 0 || digit > 9) return Number.NaN;
      value = value * 10 + digit;
    }
    return Number.isSafeInteger(value) ? value : Number.NaN;
  }

  #more(closing: number): boolean {
    const byte = this.peek();
    const fresh = this.#fresh;
    this.#fresh = false;
    if (byte === closing) {
      this.at++;
      return false;
    }
    if (!fresh) this.#pass(json.COMMA);
    return true;
  }

  #pass(byte: number): void {
    this.peek();
    this.#scanner.expect(this.at, byte);
    this.at++;
  }

  #isNamed(name: Uint8Array): boolean {
    for (let n = 0; n < name.length; n++) {
      if (this.bytes[this.#nameStart + n] !== name[n]) return false;
    }
    return true;
  }

  #isEscaped(start: number, end: number): boolean {
    for (let at = start; at < end; at++) {
      if (this.bytes[at] === 0x5c) return true;
    }
    return false;
  }

  #decode(start: number, end: number): string {
    return this.#isEscaped(start, end)
      ? (JSON.parse(this.bytes.toString('utf8', start - 1, end + 1)) as string)
      : this.bytes.toString('utf8', start, end);
  }
}
