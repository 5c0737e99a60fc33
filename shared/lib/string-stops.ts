import {
  ADD,
  constant,
  EACH_EQUAL,
  EACH_LESS,
  EITHER,
  get,
  loadBytes,
  loadWasm,
  PAGE_BYTES,
  set,
  sixteenOf,
  stepLoop,
  store16,
  TO_BITS,
} from './wasm-module.ts';

/**
 * Where a JSON string cannot simply go on: at a quote, a backslash, a control character. WebAssembly looks at sixteen bytes at once and
 * notes a bit for each; a reader then goes from one bit to the next.
 *
 *     run(at, end, to): note each 16 bytes from `at` on as 16 bits from `to` on.
 *
 * The idea of the bits is simdjson's: Langdale and Lemire, "Parsing Gigabytes of JSON per Second", section 3.1.
 */
const STEP_BYTES = 16;
const WORD_BITS = 32;
/** So much of a text is noted at a time. The notes come first in the memory, then the text, with room for its last step. */
const WINDOW_BYTES = 16 * 1024;
const TEXT_AT = WINDOW_BYTES / 8;
const MEMORY_PAGES = Math.ceil((TEXT_AT + WINDOW_BYTES + STEP_BYTES) / PAGE_BYTES);

const [QUOTE, BACKSLASH, SPACE] = [0x22, 0x5c, 0x20];
const [AT, END, TO] = [0, 1, 2];

const look = (each: readonly number[], byte: number): number[] => [
  ...get(AT),
  ...loadBytes(0),
  ...sixteenOf(byte),
  ...each,
];

const note = [
  ...get(TO),
  ...[...look(EACH_EQUAL, QUOTE), ...look(EACH_EQUAL, BACKSLASH), ...EITHER, ...look(EACH_LESS, SPACE), ...EITHER],
  ...[...TO_BITS, ...store16(0)],
  ...[...get(TO), ...constant(STEP_BYTES / 8), ADD, ...set(TO)],
];

/** Memory that all texts share, one after the other; whoever finds another's notes there makes its own again. */
interface Desk {
  readonly run: (...values: number[]) => number;
  readonly text: Uint8Array;
  readonly notes: Int32Array;
  owner: StringStops | undefined;
}

const openDesk = (): Desk | undefined => {
  const body = [...stepLoop(AT, END, STEP_BYTES, note), ...get(AT)];
  const module = loadWasm({ parameters: 3, locals: 0, memoryPages: MEMORY_PAGES, body });
  if (module === undefined) return undefined;
  const { buffer } = module.memory;
  const text = new Uint8Array(buffer, TEXT_AT);
  return { run: module.run, text, notes: new Int32Array(buffer, 0, TEXT_AT / 4), owner: undefined };
};

const desk = openDesk();

/** The stops of one text, which must not change meanwhile. Undefined where WebAssembly cannot do it. */
export const findStringStops = (bytes: Uint8Array, end: number): StringStops | undefined =>
  desk && new StringStops(desk, bytes, end);

export class StringStops {
  readonly #desk: Desk;
  readonly #bytes: Uint8Array;
  readonly #end: number;
  /** Of what is noted. */
  #from = 0;
  #to = 0;

  constructor(desk: Desk, bytes: Uint8Array, end: number) {
    this.#desk = desk;
    this.#bytes = bytes;
    this.#end = end;
  }

  /** The first stop from `at` on, or the end of the text. */
  next(at: number): number {
    let from = at;
    while (from < this.#end) {
      if (from < this.#from || from >= this.#to || this.#desk.owner !== this) this.#noteFrom(from);
      const found = this.#find(from);
      if (found < this.#to) return found;
      from = this.#to;
    }
    return this.#end;
  }

  /** Among what is noted; `#to` or more where there is none. */
  #find(at: number): number {
    const { notes } = this.#desk;
    const last = (this.#to - this.#from - 1) >>> 5;
    let word = (at - this.#from) >>> 5;
    let bits = notes[word]! & (-1 << (at - this.#from));
    while (bits === 0 && word < last) bits = notes[++word]!;
    return bits === 0 ? this.#to : this.#from + word * WORD_BITS + 31 - Math.clz32(bits & -bits);
  }

  /** The last step looks at bytes behind the text too, whatever they are: their notes are never asked for. */
  #noteFrom(at: number): void {
    const { run, text } = this.#desk;
    const length = Math.min(WINDOW_BYTES, this.#end - at);
    text.set(new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + at, length));
    run(TEXT_AT, TEXT_AT + length + STEP_BYTES - 1, 0);
    this.#desk.owner = this;
    this.#from = at;
    this.#to = at + length;
  }
}
