import { expect, it } from 'vitest';
import { parseTraceparent } from '../../../shared/lib/traceparent.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';

it.each([`00-${TRACE}-${PARENT}-01`, `01-${TRACE}-${PARENT}-00-more`])('goes on with %s', (text) => {
  expect(parseTraceparent(text)).toBe(text);
});

it.each([
  undefined,
  '',
  `ff-${TRACE}-${PARENT}-01`,
  `00-${'0'.repeat(32)}-${PARENT}-01`,
  `00-${TRACE}-${'0'.repeat(16)}-01`,
  `00-${TRACE.toUpperCase()}-${PARENT}-01`,
  `00-${TRACE}-${PARENT}`,
  `00-${TRACE}-${PARENT}-01-a b`,
])('drops %s', (text) => {
  expect(parseTraceparent(text)).toBeUndefined();
});
