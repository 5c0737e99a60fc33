/** How much an answer may hold. The bytes are those of the whole answer so far; its very first record is given whatever its size. */
export interface ReadBounds {
  readonly records: number;
  readonly bytes: number;
}

/** How far records were given. */
export interface Walk {
  /** The offset behind the last record that was given. */
  nextOffset: number;
  given: number;
  /** A bound is met: no further record may be given. */
  full: boolean;
}
