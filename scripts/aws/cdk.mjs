import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUILD, SetupError } from './background-process.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const STACK = 'Chasqui';
/** MiniStack 1.5.33 has no alarms on a sum of metrics, and whatever is made here may go again. */
const SETTINGS = ['-c', 'retain=false', '-c', 'alarms=false'];

/** The CDK on the stack that stands on this machine. @throws {SetupError} with the last of what it said */
export const cdk = (args, env) => {
  mkdirSync(join(BUILD, 'aws'), { recursive: true });
  const command = join(ROOT, 'node_modules', '.bin', 'cdk');
  const common = ['--ci', '--no-notices', '--output', join(BUILD, 'cdk.out'), ...SETTINGS];
  const done = spawnSync(command, [...args, ...common], {
    cwd: ROOT,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (done.status === 0) return;
  throw new SetupError(`cdk ${args[0]} failed: ${done.error?.message ?? `${done.stdout}${done.stderr}`.slice(-6000)}`);
};

/** Settings of a stack on an emulator: for every command of the CDK the same. Webhooks there go to this machine. */
export const settingsOf = (zones) => ['-c', `zones=${zones}`, '-c', 'allow-private-endpoints=true'];
