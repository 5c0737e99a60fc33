import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeBlobId,
  encodeBlobId,
  MAX_BLOB_BYTES,
  TAG_BITS,
} from '../../../../../shared/adapters/embedded/journal/blob-id.ts';
import { check } from '../../../../support/check.ts';

describe('the id of a blob', () => {
  it('is a UUID of version 8 that says where the blob is', () => {
    const place = fc.record({
      file: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
      position: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      length: fc.integer({ min: 0, max: MAX_BLOB_BYTES }),
      tag: fc.integer({ min: 0, max: 2 ** TAG_BITS - 1 }),
    });
    check(
      fc.property(place, (drawn) => {
        const id = encodeBlobId(drawn);
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(decodeBlobId(id)).toEqual(drawn);
      }),
      { seed: 5 },
    );
  });
});
