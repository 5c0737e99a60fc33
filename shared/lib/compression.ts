import * as zlib from 'node:zlib';

/** By the names and numbers of Kafka's batch attributes. */
export type CodecName = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';

export interface Codec {
  readonly id: number;
  readonly name: CodecName;
  /** Whether this runtime can do it; if not, both functions throw. */
  readonly available: boolean;
  compress(bytes: Uint8Array): Buffer;
  /** Throws when the bytes are damaged or would give more than `maxBytes`. */
  decompress(bytes: Uint8Array, maxBytes: number): Buffer;
}

type Compress = (bytes: Uint8Array) => Buffer;
type Decompress = (bytes: Uint8Array, options: { maxOutputLength: number }) => Buffer;

/** Node has zstd since 22.15; the types are older. */
const { zstdCompressSync, zstdDecompressSync } = zlib as {
  zstdCompressSync?: Compress;
  zstdDecompressSync?: Decompress;
};

/** In the order of their ids. */
const CODECS: readonly Codec[] = [
  { id: 0, name: 'none', available: true, compress: asBuffer, decompress: asBuffer },
  // The fastest level: a batch is compressed while its producer waits.
  codec(1, 'gzip', (bytes) => zlib.gzipSync(bytes, { level: 1 }), zlib.gunzipSync),
  codec(2, 'snappy'),
  codec(3, 'lz4'),
  codec(4, 'zstd', zstdCompressSync, zstdDecompressSync),
];

/** Undefined: an id that Kafka does not know. */
export const codecById = (id: number): Codec | undefined => CODECS[id];
export const codecByName = (name: CodecName): Codec => CODECS.find((one) => one.name === name)!;

function codec(id: number, name: CodecName, compress?: Compress, decompress?: Decompress): Codec {
  const missing = (): never => {
    throw new Error(`${name} compression is not available in this runtime.`);
  };
  return {
    id,
    name,
    available: compress !== undefined && decompress !== undefined,
    compress: compress ?? missing,
    decompress: decompress ? (bytes, maxBytes) => decompress(bytes, { maxOutputLength: maxBytes }) : missing,
  };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
