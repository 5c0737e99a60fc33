/**
 * Starts what stands in for AWS on this machine, and leaves it running: MiniStack, unless AWS_ENDPOINT_URL names something already. Doing
 * it twice changes nothing. `--only=dynamodb-local` starts AWS's own DynamoDB Local instead.
 */
import { SetupError } from './background-process.mjs';
import { startDynamoDbLocal } from './dynamodb-local.mjs';
import { startMinistack } from './ministack.mjs';

const named = process.env.AWS_ENDPOINT_URL;

try {
  if (process.argv.includes('--only=dynamodb-local'))
    console.log(`DynamoDB: ${(await startDynamoDbLocal()).endpoint} (DynamoDB Local)`);
  else if (named) console.log(`AWS: ${named} (AWS_ENDPOINT_URL)`);
  else console.log(`AWS: ${(await startMinistack()).endpoint} (MiniStack)`);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
