import { stopInBackground } from '../../scripts/aws/background-process.mjs';
import { startDynamoDbLocal } from '../../scripts/aws/dynamodb-local.mjs';
import { startEmulator } from '../../scripts/aws/emulator.mjs';

/** Emulators of this run alone, so that several runs on one machine do not meet. */
export default async function setup(project) {
  const names = { aws: `test-${process.pid}-ministack`, dynamoDb: `test-${process.pid}-dynamodb-local` };
  const stop = async () => {
    for (const name of Object.values(names)) await stopInBackground(name);
  };
  try {
    const named = process.env['AWS_ENDPOINT_URL'];
    project.provide('awsEndpoint', named ?? (await startEmulator(names.aws)).endpoint);
    project.provide('dynamoDbEndpoint', (await startDynamoDbLocal(names.dynamoDb)).endpoint);
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}
