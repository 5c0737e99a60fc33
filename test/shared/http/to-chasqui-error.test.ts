import { describe, expect, it } from 'vitest';
import { UnknownOutcomeError } from '../../../shared/ports/offset-store.ts';
import { ask, memoryService, OPERATOR_KEY, wholeApp } from '../../support/memory-service.ts';

const failing = (error: Error) => {
  const service = memoryService();
  service.tenants.create = () => Promise.reject(error);
  return ask(wholeApp(service), 'PUT', '/v1/tenants/acme', { key: OPERATOR_KEY });
};

describe('toChasquiError', () => {
  it('says of a write whose answer was lost that nobody knows, and that it may be asked for again', async () => {
    const answer = await failing(new UnknownOutcomeError());
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await answer.json()).toMatchObject({ code: 'unavailable', sideEffects: 'possible', retryable: true });
  });

  it('shows nothing of any other error', async () => {
    const answer = await failing(new Error('the disk at /var/lib is full'));
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({ status: 500, code: 'internal', sideEffects: 'possible' });
    expect(text).not.toContain('disk');
  });
});
