/**
 * Deploys the stack by the real CDK onto what stands in for AWS here: bootstrap, then deploy, then its outputs into
 * .build/aws/stack.json and on the screen. `--zones=<n>` makes that many zone buckets (3). Doing it twice updates the stack.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUILD, findRunning, SetupError } from './background-process.mjs';
import { cdk, STACK, settingsOf } from './cdk.mjs';
import { startEmulator } from './emulator.mjs';
import { emulatorEnvironment } from './emulator-environment.mjs';
import { STACK_FILE } from './stack-file.mjs';

const OUTPUTS = join(BUILD, 'aws', 'outputs.json');

const endpointOf = async () =>
  process.env.AWS_ENDPOINT_URL || (findRunning('ministack') ?? (await startEmulator())).endpoint;

/**
 * Node does not resolve `<id>.execute-api.localhost`, under which MiniStack serves an API; it takes the API's id in the path too, as
 * LocalStack does.
 */
const addressOf = (url, endpoint) => {
  const [, id] = /^http:\/\/(\w+)\.execute-api\.localhost:/.exec(url) ?? [];
  return id === undefined ? url : `${endpoint}/_aws/execute-api/${id}`;
};

/** The outputs of the stack, and the address of its API on this machine. */
export const deploy = async ({ zones = 3 } = {}) => {
  const endpoint = await endpointOf();
  const env = emulatorEnvironment(endpoint);
  cdk(['bootstrap', `aws://${env.CDK_DEFAULT_ACCOUNT}/${env.AWS_REGION}`], env);
  const quiet = ['--require-approval', 'never', '--outputs-file', OUTPUTS];
  cdk(['deploy', STACK, ...quiet, ...settingsOf(zones)], env);
  const outputs = JSON.parse(readFileSync(OUTPUTS, 'utf8'))[STACK];
  const stack = { endpoint, region: env.AWS_REGION, zones, ...outputs, Url: addressOf(outputs.Url, endpoint) };
  writeFileSync(STACK_FILE, JSON.stringify(stack, null, 2));
  return stack;
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const zones = process.argv.find((arg) => arg.startsWith('--zones='))?.slice('--zones='.length);
  try {
    for (const [name, value] of Object.entries(await deploy({ zones }))) console.log(`${name}: ${value}`);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
