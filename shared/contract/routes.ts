import type * as z from 'zod';
import type { ParamNames, PathParams, Route, WithoutNulls } from './route.ts';
import { GROUP_ROUTES } from './routes/groups.ts';
import { KEY_ROUTES } from './routes/keys.ts';
import { MAINTENANCE_ROUTES } from './routes/maintenance.ts';
import { RECORD_ROUTES } from './routes/records.ts';
import { SERVICE_ROUTES } from './routes/service.ts';
import { STREAM_ROUTES } from './routes/streams.ts';
import { SUBSCRIPTION_ROUTES } from './routes/subscriptions.ts';
import { TENANT_ROUTES } from './routes/tenants.ts';
import { TOPIC_ROUTES } from './routes/topics.ts';

/** The closed table of routes. Nothing is mounted that is not here, and everything that is here is tested for isolation. */
export const ROUTES = {
  ...RECORD_ROUTES,
  ...STREAM_ROUTES,
  ...GROUP_ROUTES,
  ...TOPIC_ROUTES,
  ...SUBSCRIPTION_ROUTES,
  ...TENANT_ROUTES,
  ...KEY_ROUTES,
  ...MAINTENANCE_ROUTES,
  ...SERVICE_ROUTES,
} as const satisfies Record<string, Route>;

export type RouteId = keyof typeof ROUTES;

type RouteOf<Id extends RouteId> = (typeof ROUTES)[Id];

/** A route's path parameters, validated. */
export type ParamsOf<Id extends RouteId> = Pick<PathParams, ParamNames<RouteOf<Id>['path']>>;

/** A route's query, validated, with its defaults. */
export type QueryOf<Id extends RouteId> = z.output<RouteOf<Id>['query']>;

/** A route's JSON body, validated, without its nulls. */
export type BodyOf<Id extends RouteId> = RouteOf<Id>['body'] extends {
  readonly kind: 'json';
  readonly schema: infer Schema extends z.ZodType;
}
  ? WithoutNulls<z.output<Schema>>
  : undefined;

/** Rows as the general type, for whoever walks the table. */
export const routeEntries = (): [RouteId, Route][] => Object.entries(ROUTES) as [RouteId, Route][];
