import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { readSecret } from '../../../../shared/adapters/secrets/read-secret.ts';

const CREDENTIALS = { accessKeyId: 'id', secretAccessKey: 'secret' };

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const serve = async (status: number, body: string, seen: IncomingMessage[] = []): Promise<string> => {
  server = createServer((request, answer) => {
    seen.push(request);
    answer.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const read = (endpoint: string): Promise<string> =>
  readSecret('name', { region: 'eu-west-1', credentials: CREDENTIALS, endpoint, now: 0 });

describe('readSecret', () => {
  it('asks once, signed, and gives the text', async () => {
    const seen: IncomingMessage[] = [];
    expect(await read(await serve(200, '{"SecretString":"the key"}', seen))).toBe('the key');
    expect(seen).toHaveLength(1);
    expect(seen[0]?.headers).toMatchObject({
      'x-amz-target': 'secretsmanager.GetSecretValue',
      'content-type': 'application/x-amz-json-1.1',
      authorization: expect.stringContaining('19700101/eu-west-1/secretsmanager/aws4_request'),
    });
  });

  it.each([
    ['a refusal', 400, '{"__type":"ResourceNotFoundException"}', '400'],
    ['no text', 200, '{"SecretBinary":"AAAA"}', 'no text'],
    ['an empty text', 200, '{"SecretString":""}', 'no text'],
    ['no JSON', 200, '<html>', 'JSON'],
    ['an endless answer', 200, ' '.repeat(300_000), 'too long'],
  ])('says why when there is %s', async (_, status, body, why) => {
    await expect(read(await serve(status, body))).rejects.toThrow(why);
  });

  it('fails where nothing listens', async () => {
    await expect(read('http://127.0.0.1:1')).rejects.toThrow('ECONNREFUSED');
  });
});
