export interface WebhookRequest {
  readonly method: 'POST' | 'OPTIONS';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Until the status is there. */
  readonly timeoutMs: number;
}

export type WebhookAnswer =
  /** Names of headers in lower case; of the body, what was read. */
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Uint8Array;
    }
  /** Nobody knows whether it arrived. The reason is for whoever owns the endpoint, and holds no secret. */
  | { readonly kind: 'failed'; readonly reason: string };

/**
 * Sends requests to addresses that tenants have named. Laws:
 * 1. The address that was checked is the address that is connected to; a name's every address has to pass.
 * 2. Redirects are answers like any other; answers are read up to a bound.
 * 3. Never rejects, but when `abort` does.
 */
export interface WebhookSender {
  /** Why an address is refused, to stand behind its name; undefined: it may be used. A name that does not resolve now may yet. */
  inspect(url: string): Promise<string | undefined>;
  send(request: WebhookRequest, abort?: AbortSignal): Promise<WebhookAnswer>;
}
