import { createHash, createHmac } from 'node:crypto';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface RequestToSign {
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly service: string;
  readonly region: string;
}

const hex = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** `20150830T123600Z` */
const amzDate = (now: number): string => new Date(now).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');

/**
 * The headers of a POST that is signed with AWS Signature Version 4, for the one call that is not worth a client of the SDK.
 * Source: AWS IAM User Guide, "Create a signed AWS API request".
 */
export const signRequest = (request: RequestToSign, credentials: Credentials, now: number): Record<string, string> => {
  const { url, body, service, region } = request;
  const date = amzDate(now);
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const token: Record<string, string> = sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken };
  const headers: Record<string, string> = { ...request.headers, ...token, host: url.host, 'x-amz-date': date };
  const names = Object.keys(headers).sort();
  const signed = names.join(';');
  const canonical = names.map((name) => `${name}:${headers[name]!.trim()}\n`).join('');
  const digest = hex(['POST', url.pathname, '', canonical, signed, hex(body)].join('\n'));
  const scope = `${date.slice(0, 8)}/${region}/${service}/aws4_request`;
  const key = [region, service, 'aws4_request'].reduce(hmac, hmac(`AWS4${secretAccessKey}`, date.slice(0, 8)));
  const signature = hmac(key, ['AWS4-HMAC-SHA256', date, scope, digest].join('\n')).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`;
  const { host: _, ...sent } = headers;
  return { ...sent, authorization };
};
