import { usageError } from '../cli-error.ts';

const LINE_FEED = 0x0a;

/**
 * The lines of a stream of bytes, without their line feeds, each as soon as it is whole; the last one may lack its line feed. Nothing
 * else is taken off: what was put in comes out again byte by byte.
 * @throws {CliError} at a line of more than `maxBytes`, before it fills the memory.
 */
export async function* splitLines(chunks: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Buffer[], void> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  for await (const chunk of chunks) {
    const lines: Buffer[] = [];
    let from = 0;
    for (let to = chunk.indexOf(LINE_FEED); to >= 0; to = chunk.indexOf(LINE_FEED, from)) {
      const end = chunk.subarray(from, to);
      lines.push(restBytes === 0 ? end : Buffer.concat([...rest, end]));
      rest = [];
      restBytes = 0;
      from = to + 1;
    }
    if (from < chunk.length) {
      rest.push(chunk.subarray(from));
      restBytes += chunk.length - from;
    }
    if (restBytes > maxBytes) throw usageError(`A line is longer than the ${maxBytes} bytes of a request.`);
    if (lines.length > 0) yield lines;
  }
  if (restBytes > 0) yield [Buffer.concat(rest)];
}
