import type { BusUnderTest } from './bus-under-test.ts';

/** Every path of contract sections 2 to 8 with its methods, written down again; `{…}` is filled in by the caller. */
export interface RouteRow {
  readonly path: string;
  readonly methods: readonly string[];
  readonly who: 'operator' | 'tenant' | 'any key';
}

export const ROUTES: readonly RouteRow[] = [
  { path: '/v1/tenants', methods: ['GET'], who: 'operator' },
  { path: '/v1/tenants/{tenant}', methods: ['PUT', 'GET', 'DELETE'], who: 'operator' },
  { path: '/v1/tenants/{tenant}/keys', methods: ['POST', 'GET'], who: 'operator' },
  { path: '/v1/tenants/{tenant}/keys/{key}', methods: ['DELETE'], who: 'operator' },
  { path: '/v1/tenants/{tenant}/keys/{key}/rotate', methods: ['POST'], who: 'operator' },
  { path: '/v1/keys', methods: ['POST', 'GET'], who: 'tenant' },
  { path: '/v1/keys/{key}', methods: ['DELETE'], who: 'tenant' },
  { path: '/v1/keys/{key}/rotate', methods: ['POST'], who: 'tenant' },
  { path: '/v1/whoami', methods: ['GET'], who: 'any key' },
  { path: '/v1/topics', methods: ['GET'], who: 'tenant' },
  { path: '/v1/topics/{topic}', methods: ['PUT', 'PATCH', 'GET', 'DELETE'], who: 'tenant' },
  { path: '/v1/topics/{topic}/partitions', methods: ['GET'], who: 'tenant' },
  { path: '/v1/topics/{topic}/partitions/{partition}/records', methods: ['GET', 'DELETE'], who: 'tenant' },
  { path: '/v1/topics/{topic}/records', methods: ['POST', 'GET'], who: 'tenant' },
  { path: '/v1/topics/{topic}/events', methods: ['POST'], who: 'tenant' },
  { path: '/v1/subscriptions', methods: ['GET'], who: 'tenant' },
  { path: '/v1/subscriptions/{subscription}', methods: ['PUT', 'PATCH', 'GET', 'DELETE'], who: 'tenant' },
  { path: '/v1/subscriptions/{subscription}/pause', methods: ['POST'], who: 'tenant' },
  { path: '/v1/subscriptions/{subscription}/resume', methods: ['POST'], who: 'tenant' },
  { path: '/v1/subscriptions/{subscription}/test', methods: ['POST'], who: 'tenant' },
  { path: '/v1/subscriptions/{subscription}/rotate-secret', methods: ['POST'], who: 'tenant' },
  { path: '/v1/subscriptions/{subscription}/replay', methods: ['POST'], who: 'tenant' },
  { path: '/v1/subscriptions/{subscription}/attempts', methods: ['GET'], who: 'tenant' },
  { path: '/v1/repair', methods: ['POST'], who: 'operator' },
  { path: '/v1/topics/{topic}/stream', methods: ['GET'], who: 'tenant' },
  { path: '/v1/tickets', methods: ['POST'], who: 'tenant' },
  { path: '/v1/groups', methods: ['GET'], who: 'tenant' },
  { path: '/v1/groups/{group}', methods: ['GET', 'DELETE'], who: 'tenant' },
  { path: '/v1/groups/{group}/seek', methods: ['POST'], who: 'tenant' },
  { path: '/v1/groups/{group}/members/{member}', methods: ['DELETE'], who: 'tenant' },
  { path: '/v1/groups/{group}/members/{member}/poll', methods: ['POST'], who: 'tenant' },
  { path: '/v1/groups/{group}/members/{member}/commit', methods: ['POST'], who: 'tenant' },
  { path: '/v1/groups/{group}/members/{member}/heartbeat', methods: ['POST'], who: 'tenant' },
  { path: '/v1/limits', methods: ['GET'], who: 'any key' },
];

/** The rows that the deployment answers. */
export const routesOf = (bus: Pick<BusUnderTest, 'lacks'>): readonly RouteRow[] =>
  ROUTES.filter(({ path }) => !(bus.lacks('push') && path.startsWith('/v1/subscriptions')));

export const fillIn = (path: string, names: Readonly<Record<string, string>>): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => names[name] ?? 'x');
