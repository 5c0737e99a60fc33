import { setMaxListeners } from 'node:events';
import type { WebhookAnswer, WebhookRequest, WebhookSender } from '../../shared/ports/webhook-sender.ts';

export interface FakeEndpoints extends WebhookSender {
  /** What was sent, in order. */
  readonly requests: WebhookRequest[];
  /** What comes back, from now on. */
  answer: (request: WebhookRequest) => WebhookAnswer | Promise<WebhookAnswer>;
}

export const answered = (status: number, headers: Readonly<Record<string, string>> = {}, body = ''): WebhookAnswer => ({
  kind: 'answered',
  status,
  headers,
  body: Buffer.from(body),
});

/** Endpoints without a network: every address is good, and answers as it is told. */
export const fakeEndpoints = (): FakeEndpoints => {
  const endpoints: FakeEndpoints = {
    requests: [],
    answer: () => answered(200),
    inspect: async () => undefined,
    send: async (request, abort) => {
      endpoints.requests.push(request);
      if (abort === undefined) return endpoints.answer(request);
      setMaxListeners(0, abort);
      let forget = (): void => undefined;
      const aborted = new Promise<never>((_, reject) => {
        const onAbort = (): void => reject(abort.reason);
        abort.addEventListener('abort', onAbort, { once: true });
        forget = () => abort.removeEventListener('abort', onAbort);
      });
      return Promise.race([endpoints.answer(request), aborted]).finally(forget);
    },
  };
  return endpoints;
};
