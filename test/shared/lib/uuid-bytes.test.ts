import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesToUuid, uuidToBytes } from '../../../shared/lib/uuid-bytes.ts';
import { check } from '../../support/check.ts';

describe('a UUID in bytes', () => {
  it('comes back as it was, and is refused unless it would', () => {
    check(
      fc.property(fc.uuid(), (uuid) => {
        expect(bytesToUuid(uuidToBytes(uuid))).toBe(uuid);
      }),
      { numRuns: 50 },
    );
    for (const odd of ['', '0197', '0197A1B2-0000-7000-8000-000000000000', '0197a1b2-0000-7000-8000-00000000000g'])
      expect(() => uuidToBytes(odd)).toThrow(TypeError);
  });
});
