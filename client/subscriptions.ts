import type { Filter } from '../shared/contract/filter.ts';
import type { DeliveryFormat, From, Outcome, SubscriptionStatus } from '../shared/contract/subscription.ts';
import type { Page, PageQuery } from './page.ts';
import { Secret } from './secret.ts';
import { type ApiAnswer, jsonOf, pathOf, type Transport } from './transport.ts';

export interface SubscriptionEndpoint {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Ask the endpoint for leave before the first delivery. */
  readonly handshake?: boolean;
}

export interface SubscriptionFields {
  readonly topic?: string;
  readonly endpoint?: SubscriptionEndpoint;
  readonly from?: From;
  readonly filter?: Filter;
  readonly format?: DeliveryFormat;
  readonly batch?: { readonly maxRecords?: number; readonly maxWaitMs?: number };
  readonly retry?: {
    readonly maxAttempts?: number;
    readonly scheduleMs?: readonly number[];
    readonly timeoutMs?: number;
  };
  readonly deadLetterTopic?: string;
  /** Per partition. */
  readonly maxInFlight?: number;
  /** Per second. */
  readonly rateLimit?: number;
}

export interface Subscription {
  readonly id: string;
  readonly topic: string;
  readonly endpoint: SubscriptionEndpoint;
  readonly from: From;
  readonly filter: Filter | null;
  readonly format: DeliveryFormat;
  readonly batch: { readonly maxRecords: number; readonly maxWaitMs: number } | null;
  readonly retry: {
    readonly maxAttempts: number | null;
    readonly scheduleMs: readonly number[];
    readonly timeoutMs: number;
  };
  readonly deadLetterTopic: string | null;
  readonly maxInFlight: number;
  readonly rateLimit: number | null;
  readonly status: SubscriptionStatus;
  readonly statusReason?: string;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** The secret is there when it was made by this call. */
export type PutSubscription = Subscription & { readonly created: boolean; readonly secret?: Secret };

export interface DeliveryTest {
  readonly webhookId: string;
  readonly status: number | null;
  readonly error: string | null;
  readonly durationMs: number;
  readonly response: string;
}

export interface DeliveryAttempt extends DeliveryTest {
  readonly id: string;
  /** RFC 3339. */
  readonly time: string;
  readonly partition: number;
  readonly offset: number;
  readonly lastOffset: number;
  readonly attempt: number;
  readonly outcome: Outcome;
  readonly nextTryAt: string | null;
}

const withSecret = (answer: ApiAnswer): Subscription & { readonly secret?: Secret } => {
  const { secret, ...shown } = jsonOf<Subscription & { readonly secret?: string }>(answer);
  return secret === undefined ? shown : { ...shown, secret: new Secret(secret) };
};

export const subscriptionsOf = (transport: Transport) => {
  const path = (id: string, ...more: string[]): string => pathOf('v1', 'subscriptions', id, ...more);
  const act = async (id: string, action: string): Promise<Subscription> =>
    jsonOf(await transport({ method: 'POST', path: path(id, action) }));
  return {
    put: async (id: string, fields: SubscriptionFields): Promise<PutSubscription> => {
      const answer = await transport({ method: 'PUT', path: path(id), json: fields });
      return { ...withSecret(answer), created: answer.status === 201 };
    },
    patch: async (id: string, fields: SubscriptionFields): Promise<Subscription> =>
      jsonOf(await transport({ method: 'PATCH', path: path(id), json: fields })),
    get: async (id: string): Promise<Subscription> => jsonOf(await transport({ method: 'GET', path: path(id) })),
    list: async (query: PageQuery = {}): Promise<Page<Subscription>> =>
      jsonOf(await transport({ method: 'GET', path: '/v1/subscriptions', query: { ...query } })),
    delete: async (id: string): Promise<void> => {
      await transport({ method: 'DELETE', path: path(id) });
    },
    pause: (id: string): Promise<Subscription> => act(id, 'pause'),
    resume: (id: string): Promise<Subscription> => act(id, 'resume'),
    /** Sends a signed sample. */
    test: async (id: string): Promise<DeliveryTest> =>
      jsonOf(await transport({ method: 'POST', path: path(id, 'test') })),
    /** For 24 hours the secret before it signs too. */
    rotateSecret: async (id: string): Promise<Subscription & { readonly secret?: Secret }> =>
      withSecret(await transport({ method: 'POST', path: path(id, 'rotate-secret') })),
    replay: async (id: string, from: From): Promise<Subscription> =>
      jsonOf(await transport({ method: 'POST', path: path(id, 'replay'), json: { from } })),
    attempts: async (id: string, query: PageQuery = {}): Promise<Page<DeliveryAttempt>> =>
      jsonOf(await transport({ method: 'GET', path: path(id, 'attempts'), query: { ...query } })),
  };
};
