import { type Credentials, signRequest } from './sign-request.ts';

export interface SecretOptions {
  readonly region: string;
  readonly credentials: Credentials;
  /** Instead of the service's own address. */
  readonly endpoint?: string | undefined;
  readonly now: number;
}

const TIMEOUT_MS = 3000;

const addressOf = (region: string): string =>
  `https://secretsmanager.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;

/**
 * The text of a secret in AWS Secrets Manager: one signed call, by its ARN or name. The SDK's client for it would be a sixth of a
 * function's bundle.
 */
export const readSecret = async (secretId: string, options: SecretOptions): Promise<string> => {
  const { region, credentials, endpoint = addressOf(region), now } = options;
  const url = new URL('/', endpoint);
  const body = JSON.stringify({ SecretId: secretId });
  const plain = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'secretsmanager.GetSecretValue' };
  const headers = signRequest({ url, headers: plain, body, service: 'secretsmanager', region }, credentials, now);
  const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
  // What it says may hold the secret's name, never the secret.
  if (!answer.ok) throw new Error(`The secret cannot be read: ${answer.status} ${(await answer.text()).slice(0, 200)}`);
  const { SecretString } = (await answer.json()) as { SecretString?: unknown };
  if (typeof SecretString !== 'string' || SecretString === '') throw new Error('The secret holds no text.');
  return SecretString;
};
