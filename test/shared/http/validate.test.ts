import { describe, expect, it } from 'vitest';
import { DELETE_RECORDS_QUERY, FETCH_PARTITION_QUERY } from '../../../shared/contract/schemas/query.ts';
import { validate } from '../../../shared/http/validate.ts';

const MISSING = { errors: [{ path: 'beforeOffset', message: 'is required' }] };
const TWO_STARTS = { path: 'from', message: 'must stand alone: give one of offset, timestamp, tail and from' };

describe('validate', () => {
  it('says of a member that is missing that it is required', () => {
    expect(() => validate(DELETE_RECORDS_QUERY, {}, 'query', 'parameter')).toThrow(expect.objectContaining(MISSING));
  });

  // `?offset=0&tail=1` was answered "from is required".
  it('leaves its words to a rule about several members that names one that was not given', () => {
    expect(() => validate(FETCH_PARTITION_QUERY, { offset: 0, tail: 1 }, 'query', 'parameter')).toThrow(
      expect.objectContaining({ message: `from ${TWO_STARTS.message}.`, errors: [TWO_STARTS] }),
    );
  });
});
