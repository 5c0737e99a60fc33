import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitLines } from '../../../cli/input/split-lines.ts';
import { checkAsync } from '../../support/check.ts';

async function* from(chunks: readonly (string | Uint8Array)[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

const linesOf = async (chunks: readonly (string | Uint8Array)[], maxBytes = 1_000): Promise<string[]> => {
  const lines: string[] = [];
  for await (const some of splitLines(from(chunks), maxBytes))
    lines.push(...some.map((line) => line.toString('latin1')));
  return lines;
};

describe('splitLines', () => {
  it.each([
    ['nothing', [], []],
    ['a last line without its line feed', ['a\nb'], ['a', 'b']],
    ['a last line with it', ['a\nb\n'], ['a', 'b']],
    ['empty lines', ['\n\na\n'], ['', '', 'a']],
    ['carriage returns, which stay', ['a\r\nb'], ['a\r', 'b']],
    ['a line over many chunks', ['a', 'b', 'c\nd'], ['abc', 'd']],
  ])('gives the lines of %s', async (_what, chunks, lines) => {
    expect(await linesOf(chunks)).toEqual(lines);
  });

  it('gives the same lines wherever the chunks are cut', async () => {
    const bytes = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 20 });
    await checkAsync(
      fc.asyncProperty(bytes, async (chunks) => {
        const whole = Buffer.concat(chunks).toString('latin1').split('\n');
        if (whole.at(-1) === '') whole.pop();
        expect(await linesOf(chunks)).toEqual(whole);
      }),
    );
  });

  it('refuses a line without end before it has been read', async () => {
    let read = 0;
    async function* endless(): AsyncGenerator<Buffer> {
      for (; ; read += 1) yield Buffer.alloc(100);
    }
    const lines = splitLines(endless(), 1_000);
    await expect(lines.next()).rejects.toThrow('longer than the 1000 bytes');
    expect(read).toBe(10);
  });
});
