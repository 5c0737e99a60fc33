import * as z from 'zod';

export const REPAIR = z.strictObject({ cursor: z.string().nullish() }).meta({ id: 'Repair' });

export const REPAIR_REPORT = z
  .strictObject({
    checked: z.int().describe('Batches that were looked at.'),
    copied: z.int().describe('Copies that were made.'),
    short: z.int().describe('Batches that still have too few, because a zone does not take them.'),
    unreadable: z.int().describe('Batches that no zone that answers holds.'),
    nextCursor: z.string().nullable().describe('For the next call; null: everything has been looked at.'),
  })
  .meta({ id: 'RepairReport' });
