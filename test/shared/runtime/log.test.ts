import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLog } from '../../../shared/runtime/log.ts';

const NOW = 1_760_000_000_000;
const FLUSH_MS = 50;

const stream = (isTTY = false) => ({
  isTTY,
  writableLength: 0,
  writes: [] as string[],
  write(text: string) {
    this.writes.push(text);
  },
});

const linesOf = ({ writes }: { writes: string[] }): Record<string, unknown>[] =>
  writes
    .join('')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('createLog', () => {
  it('writes JSON lines, many at once', () => {
    const to = stream();
    const log = createLog('info', to, () => NOW);
    log.write('info', 'request', { status: 200, tenant: undefined });
    log.write('warn', 'odd', { text: 'two\nlines' });
    expect(to.writes).toEqual([]);
    vi.advanceTimersByTime(FLUSH_MS);
    expect(to.writes).toHaveLength(1);
    const time = new Date(NOW).toISOString();
    expect(linesOf(to)).toEqual([
      { time, level: 'info', event: 'request', status: 200 },
      { time, level: 'warn', event: 'odd', text: 'two\nlines' },
    ]);
  });

  it('writes values of every kind as JSON has them', () => {
    const to = stream();
    const log = createLog('info', to, () => NOW);
    const fields = {
      quote: '"',
      slash: '\\',
      high: 'é☕',
      nul: '\0',
      list: [1, 'a'],
      nothing: null,
      no: false,
      nan: Number.NaN,
    };
    log.write('info', 'ends "here"', fields);
    log.flush();
    expect(linesOf(to)).toEqual([
      { time: expect.any(String), level: 'info', event: 'ends "here"', ...fields, nan: null },
    ]);
  });

  it('leaves out what is below its level', () => {
    const to = stream();
    const log = createLog('warn', to, () => NOW);
    log.write('info', 'request', {});
    log.write('debug', 'detail', {});
    log.write('error', 'bad', {});
    log.flush();
    expect([log.enabled('info'), log.enabled('warn')]).toEqual([false, true]);
    expect(linesOf(to).map(({ event }) => event)).toEqual(['bad']);
  });

  it('shows an error with its stack, its causes and the place that it names', () => {
    const to = stream();
    const log = createLog('info', to, () => NOW);
    const cause = Object.assign(new Error('bytes'), { place: 'journal/7' });
    log.write('error', 'bad', { error: new Error('outer', { cause }) });
    log.flush();
    expect(linesOf(to)).toMatchObject([
      { error: { stack: expect.stringContaining('outer'), cause: { place: 'journal/7' } } },
    ]);
  });

  it('does not wait for its time when much has come together', () => {
    const to = stream();
    const log = createLog('info', to, () => NOW);
    log.write('info', 'much', { text: 'x'.repeat(100_000) });
    expect(to.writes).toHaveLength(1);
  });

  it('drops lines that nobody reads, and says how many when somebody does', () => {
    const to = stream();
    const log = createLog('info', to, () => NOW);
    to.writableLength = 10_000_000;
    for (let n = 0; n < 3; n++) log.write('info', 'lost', {});
    log.flush();
    expect(to.writes).toEqual([]);
    to.writableLength = 0;
    log.write('info', 'kept', {});
    log.flush();
    expect(linesOf(to)).toMatchObject([{ event: 'log lines dropped', dropped: 3 }, { event: 'kept' }]);
  });

  it('is short for people, and keeps what a client sent from moving their cursor', () => {
    const to = stream(true);
    const log = createLog('info', to, () => NOW);
    const fields = {
      method: 'GET',
      path: '/\u009b2J',
      status: 404,
      durationMs: 1.5,
      code: 'not_found',
      requestId: 'abc',
    };
    log.write('info', 'request', fields);
    log.flush();
    const [text = ''] = to.writes;
    expect(text).toContain('GET /?2J 404 1.5 ms not_found abc\n');
  });
});
