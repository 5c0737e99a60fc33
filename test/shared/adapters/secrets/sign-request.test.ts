import { describe, expect, it } from 'vitest';
import { signRequest } from '../../../../shared/adapters/secrets/sign-request.ts';

const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};

describe('signRequest', () => {
  it('signs as the published test suite does (aws-sig-v4-test-suite, post-x-www-form-urlencoded)', () => {
    const { authorization } = signRequest(
      {
        url: new URL('https://example.amazonaws.com/'),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'Param1=value1',
        service: 'service',
        region: 'us-east-1',
      },
      credentials,
      Date.UTC(2015, 7, 30, 12, 36),
    );
    expect(authorization).toBe(
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    );
  });
});
