import { spawnSync } from 'node:child_process';

/** One system call. `begun` and `ended` are places in the log, whose order is the order in which things happened. */
export interface Call {
  readonly name: string;
  readonly pid: string;
  /** Arguments and result as strace printed them, with `-y`: every descriptor with its path. */
  readonly text: string;
  readonly begun: number;
  readonly ended: number;
  readonly failed: boolean;
}

const BEGUN = /^(\d+)\s+(\w+)\((.*)$/;
const RESUMED = /^(\d+)\s+<\.\.\. (\w+) resumed>(.*)$/;
const UNFINISHED = ' <unfinished ...>';

interface Open {
  readonly name: string;
  readonly text: string;
  readonly begun: number;
}

/** Reads what `strace -f -y -o` wrote; calls that another thread cut in two are joined again. */
export const parseStrace = (log: string): Call[] => {
  const open = new Map<string, Open>();
  const calls: Call[] = [];
  const close = (pid: string, call: Open, rest: string, ended: number): void => {
    const text = `${call.text}${rest}`;
    calls.push({ ...call, pid, text, ended, failed: /\) += -1 /.test(text) });
  };
  log.split('\n').forEach((line, place) => {
    const resumed = RESUMED.exec(line);
    const begun = BEGUN.exec(line);
    if (resumed !== null) {
      const [, pid = '', , rest = ''] = resumed;
      const call = open.get(pid);
      open.delete(pid);
      if (call !== undefined) close(pid, call, rest, place);
    } else if (begun !== null) {
      const [, pid = '', name = '', text = ''] = begun;
      const call = { name, text, begun: place };
      if (text.endsWith(UNFINISHED)) open.set(pid, { ...call, text: text.slice(0, -UNFINISHED.length) });
      else close(pid, call, '', place);
    }
  });
  return calls;
};

const SYNCS = new Set(['fsync', 'fdatasync', 'msync', 'sync_file_range', 'syncfs']);
export const isSync = ({ name, failed }: Call): boolean => SYNCS.has(name) && !failed;
export const isFileWrite = ({ name, text }: Call, folder: string): boolean =>
  /^p?writev?(64|2)?$/.test(name) && text.includes(`<${folder}`);
export const isSocketWrite = ({ name, text }: Call): boolean =>
  /^(writev?|sendto|sendmsg)$/.test(name) && /^\d+<(socket|TCP)/.test(text);
export const isSocketRead = ({ name, text }: Call): boolean =>
  /^(read|readv|recvfrom|recvmsg)$/.test(name) && /^\d+<(socket|TCP)/.test(text);
export const descriptorOf = ({ text }: Call): string => /^\d+<[^>]*>/.exec(text)?.[0] ?? '';

/** Whether this machine lets us trace: strace is there and may attach. */
export const canTrace = (): boolean => spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;
