import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { requestTarget } from '../../../functions/local/request-target.ts';

const targetOf = (url: string, host: string | undefined = 'localhost', httpVersion = '1.1'): string | undefined =>
  requestTarget({ url, httpVersion, headers: { host } } as IncomingMessage);

describe('requestTarget', () => {
  it.each(['/v1/topics', '/v1/x/../topics', '//v1', '/v1/%2e%2e/topics?prefix=%41&&x='])('takes %s as it is', (url) => {
    expect(targetOf(url)).toBe(url);
    // One spelling, one meaning: in absolute form `..` was resolved.
    expect(targetOf(`http://localhost:4000${url}`)).toBe(url);
    expect(targetOf(`HTTPS://user@[::1]${url}`)).toBe(url);
  });

  it.each([
    ['http://localhost', '/'],
    ['http://localhost?limit=1', '/?limit=1'],
  ])('makes %s a path', (url, target) => {
    expect(targetOf(url)).toBe(target);
  });

  it.each(['*', 'v1/topics', 'ftp://localhost/v1', 'http:///v1/topics', 'http://a b/v1', 'http://[::/v1', 'http:/v1'])(
    'takes no %s',
    (url) => {
      expect(targetOf(url)).toBeUndefined();
    },
  );

  it.each(['a b', 'user@host', 'host/path', 'host?x', '[::1'])('takes no host %s', (host) => {
    expect(targetOf('/', host)).toBeUndefined();
  });
});
