import { describe, expect, it } from 'vitest';
import { BufferPool } from '../../../shared/lib/buffer-pool.ts';
import { ByteOutput } from '../../../shared/lib/byte-output.ts';

describe('ByteOutput', () => {
  it('grows, and keeps what it has', () => {
    for (const out of [new ByteOutput(), new ByteOutput(new BufferPool(0))]) fillAndCompare(out);
  });
});

function fillAndCompare(out: ByteOutput): void {
  const pieces = Array.from({ length: 300 }, (_, n) => Buffer.alloc(n * 7, n));
  for (const piece of pieces) {
    out.copy(piece, 0, piece.length);
    out.byte(0x2c);
    out.text('é');
  }
  const expected = Buffer.concat(pieces.flatMap((piece) => [piece, Buffer.from(',é')]));
  expect(out.written().equals(expected)).toBe(true);
}
