import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readSecret } from '../../shared/adapters/secrets/read-secret.ts';

const STACK_FILE = fileURLToPath(new URL('../../.build/aws/stack.json', import.meta.url));

/** Outputs of the stack, and where it is. */
export interface Stack {
  readonly endpoint: string;
  readonly region: string;
  readonly Url: string;
  readonly TableName: string;
  readonly BucketName: string;
  /** Separated by commas. */
  readonly ZoneBucketNames?: string;
  readonly OperatorKeySecret: string;
}

/** Every emulator takes these. */
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

export const readStack = (): Stack => JSON.parse(readFileSync(STACK_FILE, 'utf8')) as Stack;

/** What `npm run aws:deploy` left: where the API is, and the key that its secret holds. */
export const openDeployment = async (): Promise<{ readonly baseUrl: string; readonly operatorKey: string }> => {
  const stack = readStack();
  const { region, endpoint } = stack;
  const operatorKey = await readSecret(stack.OperatorKeySecret, { region, endpoint, credentials, now: Date.now() });
  return { baseUrl: stack.Url, operatorKey };
};
