/** Text that is not JSON. Internal: the edge turns it into its own error. */
export class ScanError extends Error {
  /** In the bytes that were scanned. */
  readonly position: number;
  readonly reason: string;
  /** It may be JSON, but is nested deeper than was asked for. */
  readonly tooDeep: boolean;

  constructor(position: number, reason: string, tooDeep = false) {
    super(`${reason} at byte ${position}`);
    this.name = 'ScanError';
    this.position = position;
    this.reason = reason;
    this.tooDeep = tooDeep;
  }
}
