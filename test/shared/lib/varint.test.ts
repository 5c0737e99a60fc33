import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VarintReader, varintBytes, writeVarint } from '../../../shared/lib/varint.ts';
import { check } from '../../support/check.ts';
import { kafkajsVarint, kafkajsVarlong } from '../../support/kafkajs.ts';

const fault = (at: number, reason: string): never => {
  throw new Error(`${reason} at ${at}`);
};
const encode = (value: number): Buffer => {
  const target = Buffer.alloc(12);
  return target.subarray(0, writeVarint(target, 0, value));
};
const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

describe('varint', () => {
  it('writes what kafkajs writes, in as many bytes as it said', () => {
    check(
      fc.property(int32, fc.maxSafeInteger(), (small, large) => {
        expect(encode(small)).toEqual(kafkajsVarint(small));
        expect(encode(large)).toEqual(kafkajsVarlong(large));
        expect(varintBytes(large)).toBe(encode(large).length);
      }),
    );
  });

  it('keeps every power of two and its neighbours', () => {
    for (let power = 0; power <= 53; power++) {
      for (const value of [2 ** power - 1, 2 ** power, -(2 ** power), -(2 ** power) - 1].filter(Number.isSafeInteger)) {
        const bytes = encode(value);
        expect(bytes).toEqual(kafkajsVarlong(value));
        expect(varintBytes(value)).toBe(bytes.length);
        expect(new VarintReader(bytes, fault).readSafe()).toBe(value);
      }
    }
  });

  it('reads numbers one behind the other', () => {
    const target = Buffer.alloc(40);
    const end = writeVarint(target, writeVarint(target, writeVarint(target, 0, -5), 300), 2 ** 40);
    const reader = new VarintReader(target.subarray(0, end), fault);
    expect([reader.read32(), reader.read32(), reader.readSafe(), reader.at]).toEqual([-5, 300, 2 ** 40, end]);
  });

  it.each([
    ['nothing', [], 'cut off'],
    ['an unfinished number', [0x80], 'cut off'],
    ['a number over 32 bits', [...encode(2 ** 31)], '32 bits'],
    ['a small number in six bytes', [0x80, 0x80, 0x80, 0x80, 0x80, 0x00], '32 bits'],
    ['eleven bytes', Array(11).fill(0x80), 'longer than ten bytes'],
    ['a number over the safe range', [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], 'out of range'],
  ])('refuses %s', (_, bytes, reason) => {
    expect(() => new VarintReader(Buffer.from(bytes), fault).read32()).toThrow(reason);
  });
});
