import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
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

const MOST_ANSWER_BYTES = 256 * 1024;

const textOf = async (answer: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer) {
    bytes += (chunk as Buffer).length;
    if (bytes > MOST_ANSWER_BYTES) throw new Error('The answer of Secrets Manager is too long.');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
};

/** By node:https, which the SDK has loaded anyway: the global `fetch` would take a third of a function's cold start to load. */
const post = (url: URL, headers: Record<string, string>, body: string): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const request = url.protocol === 'http:' ? requestHttp : requestHttps;
    const options = { method: 'POST', headers, signal: AbortSignal.timeout(TIMEOUT_MS) };
    request(url, options, resolve).once('error', reject).end(body);
  });

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
  const answer = await post(url, headers, body);
  const text = await textOf(answer);
  // What it says may hold the secret's name, never the secret.
  if (answer.statusCode !== 200)
    throw new Error(`The secret cannot be read: ${answer.statusCode} ${text.slice(0, 200)}`);
  const { SecretString } = JSON.parse(text) as { SecretString?: unknown };
  if (typeof SecretString !== 'string' || SecretString === '') throw new Error('The secret holds no text.');
  return SecretString;
};
