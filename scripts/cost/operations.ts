/** What one request is charged for. */
export interface Operation {
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly puts: number;
  readonly gets: number;
  /** Of a function with 1 GB: the calls one after the other at AWS's medians (docs/performance.md), and a few ms of our own. */
  readonly functionMs: number;
}

/** Every 32nd commit pays a transaction. */
export const COMMIT_UNITS = 1.19;
export const FETCHED_TOGETHER = 100;

/**
 * Calls and units as test/emulator/cost.emulator.test.ts counts them, warm. A record of 1,000 bytes is an item of more than 1 KB with
 * what is stored beside it; a batch of a hundred is one object.
 */
export const OPERATIONS = {
  produceOne: { writeUnits: COMMIT_UNITS + 2, readUnits: 0, puts: 0, gets: 0, functionMs: 25 },
  produceHundred: { writeUnits: COMMIT_UNITS, readUnits: 0, puts: 1, gets: 0, functionMs: 60 },
  /** A hundred records that were produced one by one: as many items, at half a unit each. */
  fetchOnes: { writeUnits: 0, readUnits: 2 + FETCHED_TOGETHER / 2, puts: 0, gets: 0, functionMs: 40 },
  fetchHundred: { writeUnits: 0, readUnits: 2, puts: 0, gets: 1, functionMs: 40 },
} as const satisfies Record<string, Operation>;
