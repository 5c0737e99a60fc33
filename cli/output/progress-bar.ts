const WIDTH = 28;
const REDRAW_MS = 100;

export interface Progress {
  /** `done` of the total so far, and what to say beside the bar. */
  update(done: number, words: string): void;
  /** Takes the bar away. */
  end(): void;
}

/** A bar on standard error, on a terminal only. A total of 0 counts as done. */
export const progressBar = (total: number, stream: NodeJS.WriteStream = process.stderr): Progress => {
  let drawnAt = 0;
  const update = (done: number, words: string): void => {
    const now = Date.now();
    if (!stream.isTTY || (done < total && now - drawnAt < REDRAW_MS)) return;
    drawnAt = now;
    const share = total === 0 ? 1 : Math.min(1, done / total);
    const full = Math.round(share * WIDTH);
    const bar = `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}`;
    const line = `${bar} ${String(Math.floor(share * 100)).padStart(3)}%  ${words}`;
    stream.write(`\r${line.slice(0, Math.max(0, stream.columns - 1))}\u001b[K`);
  };
  const end = (): void => {
    if (stream.isTTY && drawnAt > 0) stream.write('\r\u001b[K');
  };
  return { update, end };
};
