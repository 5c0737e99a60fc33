import type { ByteOutput } from './byte-output.ts';

/** What a byte means to whoever puts it into a JSON string; the marks of many bytes are or-ed. */
export const ESCAPED = 1;
/** Not ASCII. */
export const HIGH = 2;
/** A control character other than tab, line feed and carriage return. */
export const CONTROL = 4;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const WHITE_CONTROLS: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0d]);

const MARKS = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 0x80) return HIGH;
  if (byte === 0x7f) return CONTROL;
  if (byte < 0x20) return WHITE_CONTROLS.has(byte) ? ESCAPED : ESCAPED | CONTROL;
  return byte === QUOTE || byte === BACKSLASH ? ESCAPED : 0;
});

const ESCAPES = Array.from({ length: 256 }, (_, byte) =>
  (MARKS[byte]! & ESCAPED) === 0 ? undefined : Buffer.from(JSON.stringify(String.fromCharCode(byte)).slice(1, -1)),
);

/** The marks of all the bytes of `source[start, end)`. */
export function marksOf(source: Uint8Array, start: number, end: number): number {
  let marks = 0;
  for (let at = start; at < end; at++) marks |= MARKS[source[at]!]!;
  return marks;
}

/** Writes `source[start, end)`, valid UTF-8 whose marks are given, as a JSON string. */
export function writeJsonText(out: ByteOutput, source: Buffer, start: number, end: number, marks: number): void {
  out.byte(QUOTE);
  if ((marks & ESCAPED) === 0) out.copy(source, start, end);
  else writeEscaped(out, source, start, end);
  out.byte(QUOTE);
}

function writeEscaped(out: ByteOutput, source: Buffer, start: number, end: number): void {
  let plain = start;
  for (let at = start; at < end; at++) {
    const escaped = ESCAPES[source[at]!];
    if (escaped === undefined) continue;
    out.copy(source, plain, at);
    out.copy(escaped, 0, escaped.length);
    plain = at + 1;
  }
  out.copy(source, plain, end);
}
