import { readFileSync } from 'node:fs';

/** Clock ticks a second, as Linux shows them to every program. */
const TICKS = 100;

/**
 * Processor time of a process so far, user and system, all threads; Linux only, elsewhere NaN. Unlike a rate, time per request hardly
 * depends on what else the machine does.
 */
export const cpuSeconds = (pid: number): number => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in brackets and may hold spaces; user and system time are the 14th and 15th.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  } catch {
    return Number.NaN;
  }
};
