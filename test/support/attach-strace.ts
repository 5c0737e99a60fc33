import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Lets the disk of a running process be slow or broken: strace sits on it and injects what `inject` says, until `detach`. */
export class AttachedStrace {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** @param inject as strace has it: `fsync,fdatasync:error=EIO`. @param files only calls that touch one of them. */
  static async to(pid: number, inject: string, files: readonly string[] = []): Promise<AttachedStrace> {
    const [calls = ''] = inject.split(':');
    const paths = files.flatMap((file) => ['-P', file]);
    const options = [
      '-f',
      '-o',
      '/dev/null',
      '-e',
      `trace=${calls}`,
      '-e',
      `inject=${inject}`,
      ...paths,
      '-p',
      String(pid),
    ];
    const child = spawn('strace', options, { stdio: ['ignore', 'ignore', 'pipe'] });
    await new Promise<void>((done, fail) => {
      child.stderr?.on('data', (chunk: Buffer) => (chunk.toString().includes('attached') ? done() : undefined));
      child.once('exit', () => fail(new Error('strace could not attach')));
    });
    return new AttachedStrace(child);
  }

  async detach(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGINT');
    // strace at times waits for a thread that waits for it; without its tracer the process goes on by itself.
    const late = setTimeout(() => this.#child.kill('SIGKILL'), 2000);
    await exited;
    clearTimeout(late);
  }
}
