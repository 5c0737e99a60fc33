import { describe, expect, it } from 'vitest';
import { visible } from '../../../cli/output/visible.ts';

describe('visible', () => {
  it('leaves text of any language as it is', () => {
    expect(visible('Qusqu, 北京, 🏃')).toBe('Qusqu, 北京, 🏃');
  });

  it.each([
    ['an escape sequence', '\u001b[2J', '\\u001b[2J'],
    ['line ends', 'a\r\nb', 'a\\u000d\\u000ab'],
    ['the eight-bit introducer', '\u009b2J', '\\u009b2J'],
    ['a change of direction', 'a\u202eb', 'a\\u202eb'],
  ])('shows %s instead of obeying it', (_what, text, shown) => {
    expect(visible(text)).toBe(shown);
  });
});
