import { colour } from './colour.ts';
import { visible } from './visible.ts';

const isSaid = (value: unknown): boolean => value !== undefined && value !== null;

/** Objects without what is null in them; those in which all is null say nothing. */
const trimmed = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).filter(([, part]) => isSaid(part));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** One thing, a field a line; ends with a line feed. */
export const fields = (thing: object): string => {
  const entries = Object.entries(thing)
    .map(([name, value]) => [name, trimmed(value)] as const)
    .filter(([, value]) => isSaid(value));
  const width = entries.reduce((widest, [name]) => Math.max(widest, name.length), 0);
  return entries.map(([name, value]) => `${colour('bold', name.padEnd(width))}  ${visible(textOf(value))}\n`).join('');
};
