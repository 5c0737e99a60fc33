import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import type { Random } from '../ports/random.ts';

export const systemRandom: Random = {
  fraction: () => Math.random(),
  bytes: (length) => randomBytes(length),
  uuid: () => v7(),
};
