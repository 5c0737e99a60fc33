const MIB = 1024 * 1024;
/** What a lane may hold while there is room. */
const LANE_BYTES = 4 * MIB;
/** And where there is none: so much that it goes on, and batches fill. */
const LEAST_LANE_BYTES = 64 * 1024;

/**
 * What the lanes of a process hold of records that were read and have not been delivered. Endpoints that are slow or hang are as many as
 * tenants like; what waits for them has a bound in all.
 */
export class ReadAhead {
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** How much a lane may hold, by its own account. */
  get laneBytes(): number {
    return this.#bytes < this.#maxBytes ? LANE_BYTES : LEAST_LANE_BYTES;
  }

  /** A lane holds more than before, or less. */
  change(byBytes: number): void {
    this.#bytes += byBytes;
  }
}
