import { describe, expect, it } from 'vitest';
import { headerBytes } from '../../../shared/lib/header-bytes.ts';

describe('headerBytes', () => {
  it('takes back the bytes that Node read as Latin-1', () => {
    expect(headerBytes(Buffer.from('Zürich €').toString('latin1'))).toEqual(Buffer.from('Zürich €'));
    expect(headerBytes('plain')).toEqual(Buffer.from('plain'));
  });

  it('encodes what a platform has decoded', () => {
    expect(headerBytes('€')).toEqual(Buffer.from('€'));
  });
});
