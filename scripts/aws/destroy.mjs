/** Takes the stack away again, with what is in it, from what stands in for AWS here. */
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SetupError } from './background-process.mjs';
import { cdk, STACK } from './cdk.mjs';
import { emulatorEnvironment } from './emulator-environment.mjs';
import { readStack, STACK_FILE } from './stack-file.mjs';

export const destroy = () => {
  const { endpoint, zones } = readStack();
  cdk(['destroy', STACK, '--force', '-c', `zones=${zones}`], emulatorEnvironment(endpoint));
  rmSync(STACK_FILE, { force: true });
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    destroy();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
