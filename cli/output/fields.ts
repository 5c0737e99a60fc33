import { colour } from './colour.ts';
import { visible } from './visible.ts';

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** One thing, a field a line; ends with a line feed. */
export const fields = (thing: object): string => {
  const entries = Object.entries(thing).filter(([, value]) => value !== undefined && value !== null);
  const width = entries.reduce((widest, [name]) => Math.max(widest, name.length), 0);
  return entries.map(([name, value]) => `${colour('bold', name.padEnd(width))}  ${visible(textOf(value))}\n`).join('');
};
