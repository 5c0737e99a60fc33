/**
 * Start, deploy, test, destroy, stop, as one: `npm run test:aws`. Stops what it has started, whatever happens, and leaves running what ran
 * before. With AWS_ENDPOINT_URL it starts and stops nothing.
 */
import { findRunning, SetupError, stopInBackground } from './background-process.mjs';
import { deploy } from './deploy.mjs';
import { destroy } from './destroy.mjs';
import { startEmulator } from './emulator.mjs';
import { testDeployment } from './test.mjs';

const NAME = 'ministack';
const starts = !process.env.AWS_ENDPOINT_URL && findRunning(NAME) === undefined;

const stop = async () => {
  if (starts) await stopInBackground(NAME);
};

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(signal, () => void stop().then(() => process.exit(1)));

try {
  if (starts) await startEmulator(NAME);
  const { Url } = await deploy();
  console.log(`Deployed: ${Url}`);
  try {
    process.exitCode = testDeployment(process.argv.slice(2));
  } finally {
    destroy();
  }
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  console.log('\n0 passed, 1 failed, 0 skipped');
  process.exitCode = 1;
} finally {
  await stop();
}
