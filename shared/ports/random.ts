/** Randomness, as the domain sees it; seeded in tests. */
export interface Random {
  /** Uniform in [0, 1). */
  fraction(): number;
  /** `length` bytes from a cryptographic source. */
  bytes(length: number): Uint8Array;
  /** A UUID of version 7 (RFC 9562), its time from the system's clock. */
  uuid(): string;
}
