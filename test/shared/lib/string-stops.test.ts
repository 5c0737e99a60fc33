import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findStringStops } from '../../../shared/lib/string-stops.ts';
import { check } from '../../support/check.ts';

const isStop = (byte: number): boolean => byte < 0x20 || byte === 0x22 || byte === 0x5c;

const stopsOf = (bytes: Uint8Array, end: number): number[] => {
  const stops = findStringStops(bytes, end);
  const found: number[] = [];
  for (let at = stops!.next(0); at < end; at = stops!.next(at + 1)) found.push(at);
  return found;
};

/** Mostly plain, so that stops are far apart. */
const sparse = (size: number, gap: number): Buffer =>
  Buffer.from(Array.from({ length: size }, (_, n) => (n % gap === gap - 1 ? [0x22, 0x5c, 0x1f, 0x00][n % 4]! : 0x61)));

describe('StringStops', () => {
  it('finds what a look at each byte finds, in any bytes and up to any end', () => {
    check(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.nat(40), (bytes, cut) => {
        const end = Math.max(0, bytes.length - cut);
        const expected = [...bytes.subarray(0, end).keys()].filter((at) => isStop(bytes[at]!));
        expect(stopsOf(bytes, end)).toEqual(expected);
      }),
    );
  });

  it.each([
    [100_000, 7],
    [100_000, 4099],
    [50_000, 60_000],
    [16_384, 16_384],
    [16_385, 16_385],
  ])('finds every one of a text of %i bytes, each %i bytes', (size, gap) => {
    const bytes = sparse(size, gap);
    expect(stopsOf(bytes, size)).toEqual([...bytes.keys()].filter((at) => isStop(bytes[at]!)));
  });

  it('looks at part of a larger memory', () => {
    const part = Buffer.concat([Buffer.from('"""'), sparse(5000, 900), Buffer.from('"')]).subarray(3, 5003);
    expect(stopsOf(part, 5000)).toEqual([899, 1799, 2699, 3599, 4499]);
  });

  it('goes back', () => {
    const stops = findStringStops(sparse(40_000, 1000), 40_000)!;
    expect([stops.next(35_000), stops.next(0), stops.next(39_999), stops.next(40_000)]).toEqual([
      35_999, 999, 39_999, 40_000,
    ]);
  });

  it('keeps two texts apart that are looked at in turns', () => {
    const [left, right] = [sparse(20_000, 300), sparse(20_000, 700)];
    const [ofLeft, ofRight] = [findStringStops(left, left.length)!, findStringStops(right, right.length)!];
    for (let at = 0; at < 19_000; at += 100) {
      expect(ofLeft.next(at)).toBe(left.findIndex((byte, n) => n >= at && isStop(byte)));
      expect(ofRight.next(at)).toBe(right.findIndex((byte, n) => n >= at && isStop(byte)));
    }
  });
});
