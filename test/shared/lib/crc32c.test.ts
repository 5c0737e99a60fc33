import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { loadNativeCrc } from '../../../shared/lib/crc-native.ts';
import { type Crc32c, createCrc32c } from '../../../shared/lib/crc32c.ts';
import { loadUpdateBlocks } from '../../../shared/lib/crc32c-wasm.ts';
import { check } from '../../support/check.ts';
import { kafkajsCrc32c } from '../../support/kafkajs.ts';

const WAYS: readonly (readonly [string, Crc32c])[] = [
  ['by the processor', createCrc32c(loadNativeCrc()?.crc32c, undefined)],
  ['in WebAssembly', createCrc32c(undefined, loadUpdateBlocks())],
  ['in JavaScript', createCrc32c(undefined, undefined)],
];

it('has every way on this machine', () => {
  expect([loadNativeCrc()?.crc32c, loadUpdateBlocks()]).not.toContain(undefined);
});

describe.each(WAYS)('crc32c %s', (_, crc32c) => {
  it.each([
    ['the check value', Buffer.from('123456789'), 0xe3069283],
    ['32 zeros (RFC 3720 B.4)', Buffer.alloc(32), 0x8a9136aa],
    ['32 ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
    ['32 ascending bytes', Buffer.from(Array.from({ length: 32 }, (_, n) => n)), 0x46dd794e],
    ['nothing', Buffer.alloc(0), 0],
  ])('knows %s', (_, bytes, sum) => {
    expect(crc32c(bytes)).toBe(sum);
  });

  it('agrees with kafkajs on any bytes and any part of them', () => {
    check(
      fc.property(fc.uint8Array({ maxLength: 5000 }), fc.nat(20), fc.nat(20), (bytes, from, cut) => {
        const end = Math.max(from, bytes.length - cut);
        const part = Buffer.from(bytes.subarray(from, end));
        expect(crc32c(bytes, Math.min(from, bytes.length), Math.min(end, bytes.length))).toBe(
          kafkajsCrc32c(part) >>> 0,
        );
      }),
    );
  });

  it('goes on where it stopped', () => {
    check(
      fc.property(fc.uint8Array({ maxLength: 3000 }), fc.double({ min: 0, max: 1, noNaN: true }), (bytes, fraction) => {
        const cut = Math.floor(bytes.length * fraction);
        expect(crc32c(bytes, cut, bytes.length, crc32c(bytes, 0, cut))).toBe(crc32c(bytes));
      }),
    );
  });

  it('agrees with kafkajs around every size at which it changes its ways', () => {
    const bytes = Buffer.from(Array.from({ length: 350_000 }, (_, n) => (n * 7919) >> 5));
    const sizes = [
      0, 1, 7, 8, 15, 16, 17, 255, 256, 257, 271, 272, 114_687, 114_688, 114_689, 229_376, 229_383, 349_990,
    ];
    for (const size of sizes) {
      expect(crc32c(bytes, 3, 3 + size)).toBe(kafkajsCrc32c(bytes.subarray(3, 3 + size)) >>> 0);
    }
  });
});

it('does without WebAssembly where there is none', () => {
  vi.stubGlobal('WebAssembly', undefined);
  onTestFinished(() => void vi.unstubAllGlobals());
  expect(loadUpdateBlocks()).toBeUndefined();
});
