import type { TenantId } from '../contract/ids.ts';
import type { BodyOf, ParamsOf, QueryOf, ROUTES, RouteId } from '../contract/routes.ts';
import type { OperatorPrincipal, Principal, TenantPrincipal } from '../tenancy/principal.ts';
import type { Answer } from './answer.ts';

/** Hono's side of a request. */
export interface EdgeEnv {
  Bindings: {
    /** The request's target as it was sent, where that is known. */
    readonly target?: string;
  };
}

interface PrincipalByCredential {
  none: undefined;
  any: Principal;
  operator: OperatorPrincipal;
  tenant: TenantPrincipal;
}

type CredentialOf<Id extends RouteId> = (typeof ROUTES)[Id]['credential'];
export type PrincipalOf<Id extends RouteId> = PrincipalByCredential[CredentialOf<Id>];

/** A request that has passed the edge: authenticated, in scope, its names, query and JSON body valid. */
export interface EdgeRequest<Id extends RouteId> {
  readonly requestId: string;
  /** As the client sent it (W3C Trace Context); absent where it sent none that is valid. */
  readonly traceparent: string | undefined;
  readonly method: string;
  /** As sent, percent-encoded, without the query. */
  readonly path: string;
  /** As sent, without the `?`; may be empty. */
  readonly rawQuery: string;
  readonly principal: PrincipalOf<Id>;
  /** The tenant of the credential; `undefined` on routes that are no tenant's. */
  readonly tenant: CredentialOf<Id> extends 'tenant' ? TenantId : undefined;
  readonly params: ParamsOf<Id>;
  readonly query: QueryOf<Id>;
  /** The JSON body of routes that have one. */
  readonly body: BodyOf<Id>;
  /** What the answer may be, of the types that the route offers: the best of them by the `Accept` header. */
  readonly mediaType: string;
  /** Whether an answer may go out part by part; where not, it is sent when it is whole. */
  readonly canStream: boolean;
  /** Aborts when the client has gone or the server is closing. Made when first asked for. */
  readonly abort: AbortSignal;
  /** A request header by its lower-case name. Values are Latin-1, as Node reads them. */
  header(name: string): string | undefined;
  /** All request headers as name, value, name, value …; names in the case that they came in, where that is known. */
  rawHeaders(): readonly string[];
  /** Of routes whose handler reads it: the whole body, decompressed, good until the answer is given. Empty elsewhere. */
  readonly bytes: Buffer;
}

export type Handler<Id extends RouteId> = (request: EdgeRequest<Id>) => Answer | Promise<Answer>;

/** The routes that a function answers. */
export type Handlers = { readonly [Id in RouteId]?: Handler<Id> };
