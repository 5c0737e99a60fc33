import { bytesToUuid, uuidToBytes } from '../../../lib/uuid-bytes.ts';
import { VarintReader, varintBytes, writeVarint } from '../../../lib/varint.ts';

/** What a number or a UUID reads from bytes that end too early, or hold nothing of the kind. */
export class DecodeError extends Error {
  constructor(at: number, reason: string) {
    super(`At byte ${at}: ${reason}.`);
    this.name = 'DecodeError';
  }
}

const UUID_BYTES = 16;

/** Safe integers as zigzag varints and UUIDs as 16 bytes, one behind the other. */
export class Encoder {
  readonly #parts: Uint8Array[] = [];

  integer(value: number): this {
    if (!Number.isSafeInteger(value)) throw new TypeError(`Not a safe integer: ${value}`);
    const bytes = new Uint8Array(varintBytes(value));
    writeVarint(bytes, 0, value);
    return this.raw(bytes);
  }

  /** Of a lower-case UUID: anything else would not come back as it was given. */
  uuid(value: string): this {
    return this.raw(uuidToBytes(value));
  }

  raw(bytes: Uint8Array): this {
    this.#parts.push(bytes);
    return this;
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#parts);
  }
}

/** Reads what an `Encoder` wrote. @throws {DecodeError} rather than give what was not written. */
export class Decoder {
  readonly #varints: VarintReader;

  constructor(bytes: Uint8Array) {
    this.#varints = new VarintReader(bytes, (at, reason) => {
      throw new DecodeError(at, reason);
    });
  }

  get atEnd(): boolean {
    return this.#varints.at === this.#varints.bytes.length;
  }

  integer(): number {
    return this.#varints.readSafe();
  }

  uuid(): string {
    return bytesToUuid(Buffer.from(this.#take(UUID_BYTES)));
  }

  byte(): number {
    return this.#take(1)[0]!;
  }

  #take(length: number): Uint8Array {
    const { at, bytes } = this.#varints;
    if (at + length > bytes.length) throw new DecodeError(at, `${length} bytes are missing`);
    this.#varints.at = at + length;
    return bytes.subarray(at, at + length);
  }
}
