/**
 * Small WebAssembly modules, assembled by hand: one function over one memory. Instructions are lists of bytes, put together as they will
 * run. Source: WebAssembly 2.0, section 5 (binary format).
 */
export const PAGE_BYTES = 65_536;

export const [I32, EMPTY_BLOCK] = [0x7f, 0x40];
export const [BLOCK, LOOP, BRANCH, BRANCH_IF, FINISH] = [0x02, 0x03, 0x0c, 0x0d, 0x0b];
export const [XOR, AND, ADD, SHIFT_LEFT, SHIFT_RIGHT, GREATER] = [0x73, 0x71, 0x6a, 0x74, 0x76, 0x4b];

export const get = (local: number): number[] => [0x20, local];
export const set = (local: number): number[] => [0x21, local];
/** Not negative. */
export const constant = (value: number): number[] => [0x41, ...signed(value)];
/** A 32-bit word, from the address on the stack and so many bytes behind it. */
export const load = (offset: number): number[] => [0x28, 2, ...unsigned(offset)];
/** The lower 16 bits of a word. */
export const store16 = (offset: number): number[] => [0x3b, 1, ...unsigned(offset)];

/** Sixteen bytes at once. */
export const loadBytes = (offset: number): number[] => [0xfd, 0x00, 0, ...unsigned(offset)];
export const sixteenOf = (byte: number): number[] => [0xfd, 0x0c, ...new Array<number>(16).fill(byte)];
export const EACH_EQUAL = [0xfd, 0x23];
export const EACH_LESS = [0xfd, 0x26];
export const EITHER = [0xfd, 0x50];
/** A bit for each of the bytes, from its highest bit. */
export const TO_BITS = [0xfd, 0x64];

/** What is needed of a global that the types of Node do not have. */
interface WebAssemblyApi {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: WasmModule };
}

export interface WasmModule {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** Takes and gives 32-bit integers. */
  readonly run: (...values: number[]) => number;
}

export interface WasmFunction {
  readonly parameters: number;
  /** Words behind the parameters. */
  readonly locals: number;
  /** Leaves one word on the stack. */
  readonly body: readonly number[];
  readonly memoryPages: number;
}

/** Undefined where there is no WebAssembly (`node --jitless`), or none that knows these instructions. */
export function loadWasm(code: WasmFunction): WasmModule | undefined {
  const { WebAssembly: api } = globalThis as { WebAssembly?: WebAssemblyApi };
  if (api === undefined) return undefined;
  try {
    return new api.Instance(new api.Module(assemble(code))).exports;
  } catch {
    return undefined;
  }
}

/** Repeats the instructions for as long as `at + step` is at most `end`, and adds `step` to `at` each time. */
export const stepLoop = (at: number, end: number, step: number, body: readonly number[]): number[] => [
  ...[BLOCK, EMPTY_BLOCK, LOOP, EMPTY_BLOCK],
  ...[...get(at), ...constant(step), ADD, ...get(end), GREATER, BRANCH_IF, 1],
  ...body,
  ...[...get(at), ...constant(step), ADD, ...set(at)],
  ...[BRANCH, 0, FINISH, FINISH],
];

/** Types, functions, memories, exports, code. */
function assemble({ parameters, locals, body, memoryPages }: WasmFunction): Uint8Array {
  const text = (name: string): number[] => [name.length, ...Buffer.from(name)];
  const section = (id: number, content: readonly number[]): number[] => [id, ...unsigned(content.length), ...content];
  const code = [1, ...unsigned(locals), I32, ...body, FINISH];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, parameters, ...new Array<number>(parameters).fill(I32), 1, I32]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, memoryPages]),
    ...section(7, [2, ...text('memory'), 2, 0, ...text('run'), 0, 0]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ]);
}

/** LEB128 of a number that is not negative. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** Signed LEB128 of a number that is not negative: the last byte's bit 6 has to be clear. */
function signed(value: number): number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >>> 7)];
}
