import { InvalidArgumentError } from 'commander';
import { NAME_PATTERN } from '../shared/contract/ids.ts';

/** Names of tenants and topics: refused here, where the shell's user can see why, and not sent. */
export const nameArgument = (text: string): string => {
  if (NAME_PATTERN.test(text)) return text;
  throw new InvalidArgumentError(
    'A name has 1 to 128 letters, digits, dots, dashes and underscores, and begins with a letter or digit.',
  );
};

/** For options: plain decimal digits. */
export const wholeNumber =
  (least = 0) =>
  (text: string): number => {
    const value = Number(text);
    if (/^-?\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`It is a whole number from ${least}.`);
  };

/** Milliseconds since the epoch, or a date as RFC 3339 has it. */
export const timeMs = (text: string): number => {
  const value = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  if (Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError('It is milliseconds since the epoch, or a date like 2026-01-31T12:00:00Z.');
};

/** For options that are given many times. */
export const collect = (text: string, before: readonly string[] = []): string[] => [...before, text];
