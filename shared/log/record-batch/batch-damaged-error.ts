/** Bytes that are not whole, undamaged record batches. `position` counts from the first of the bytes that were given. */
export class BatchDamagedError extends Error {
  readonly position: number;

  constructor(position: number, reason: string, options?: ErrorOptions) {
    super(`Record batch damaged at byte ${position}: ${reason}.`, options);
    this.name = 'BatchDamagedError';
    this.position = position;
  }
}
