/** Fails where the sources would change what is deployed here. After a deployment of the same sources there is nothing. */
import { SetupError } from './background-process.mjs';
import { cdk, STACK, settingsOf } from './cdk.mjs';
import { emulatorEnvironment } from './emulator-environment.mjs';
import { readStack } from './stack-file.mjs';

try {
  const { endpoint, zones } = readStack();
  cdk(['diff', STACK, '--fail', ...settingsOf(zones)], emulatorEnvironment(endpoint));
  console.log('Nothing would change.');
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
