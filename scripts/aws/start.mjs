/**
 * Starts what stands in for AWS on this machine, and leaves it running: MiniStack, or LocalStack where there is Docker and no Python, unless
 * AWS_ENDPOINT_URL names something already. Doing it twice changes nothing. `--only=dynamodb-local` starts AWS's own DynamoDB Local instead.
 */
import { SetupError } from './background-process.mjs';
import { startDynamoDbLocal } from './dynamodb-local.mjs';
import { startEmulator } from './emulator.mjs';

const named = process.env.AWS_ENDPOINT_URL;

try {
  if (process.argv.includes('--only=dynamodb-local'))
    console.log(`DynamoDB: ${(await startDynamoDbLocal()).endpoint} (DynamoDB Local)`);
  else if (named) console.log(`AWS: ${named} (AWS_ENDPOINT_URL)`);
  else {
    const { endpoint, label } = await startEmulator();
    console.log(`AWS: ${endpoint} (${label})`);
  }
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
