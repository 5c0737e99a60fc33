/**
 * Starts what stands in for AWS on this machine, and leaves it running: MiniStack, unless AWS_ENDPOINT_URL names something already,
 * and DynamoDB Local. Doing it twice changes nothing. `--only=ministack` or `--only=dynamodb-local` starts one of them.
 */
import { SetupError } from './background-process.mjs';
import { startDynamoDbLocal } from './dynamodb-local.mjs';
import { startMinistack } from './ministack.mjs';

const only = process.argv.find((arg) => arg.startsWith('--only='))?.slice('--only='.length);
const named = process.env.AWS_ENDPOINT_URL;

try {
  if (named) console.log(`AWS: ${named} (AWS_ENDPOINT_URL)`);
  else if (only !== 'dynamodb-local') console.log(`AWS: ${(await startMinistack()).endpoint} (MiniStack)`);
  if (only !== 'ministack') console.log(`DynamoDB: ${(await startDynamoDbLocal()).endpoint} (DynamoDB Local)`);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
