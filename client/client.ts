import type { Scope } from '../shared/contract/scope.ts';
import { fetchOf } from './fetch.ts';
import { groupsOf } from './groups.ts';
import { keysOf } from './keys.ts';
import { maintainOf } from './maintain.ts';
import { produceOf } from './produce.ts';
import { subscriptionsOf } from './subscriptions.ts';
import { tenantsOf } from './tenants.ts';
import { topicsOf } from './topics.ts';
import { type ClientOptions, createTransport, jsonOf } from './transport.ts';

export interface WhoAmI {
  readonly kind: 'operator' | 'tenant';
  readonly tenant?: string;
  readonly keyId: string;
  readonly scopes: readonly Scope[];
}

/**
 * The HTTP API as functions, for browsers and Node. Every call is one request; `withRetry` sends again what may be sent again.
 * @throws {TypeError} at once when the URL or the key cannot be one; calls throw {ApiError}.
 */
export const createClient = (options: ClientOptions) => {
  const transport = createTransport(options);
  return {
    whoami: async (): Promise<WhoAmI> => jsonOf(await transport({ method: 'GET', path: '/v1/whoami' })),
    tenants: tenantsOf(transport),
    topics: topicsOf(transport),
    groups: groupsOf(transport),
    subscriptions: subscriptionsOf(transport),
    /** Of the tenant named (operator), or the caller's own. */
    keys: (tenant?: string) => keysOf(transport, tenant),
    ...produceOf(transport),
    ...fetchOf(transport),
    ...maintainOf(transport),
  };
};

export type Client = ReturnType<typeof createClient>;
