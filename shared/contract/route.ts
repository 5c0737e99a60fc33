import type * as z from 'zod';
import type { ErrorCode } from './errors.ts';
import type { GroupName, KeyId, MemberName, SubscriptionId, TenantId, TopicName } from './ids.ts';
import type { Action } from './scope.ts';

export type Method = 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';

/** `none`: open to all. `any`: every key. Operator routes answer 403 to every tenant key, tenant routes 403 to the operator's. */
export type Credential = 'none' | 'any' | 'operator' | 'tenant';

/** What a request's body is. `records` and `events` are read by their handlers, by content type. */
export type RequestBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'json'; readonly schema: z.ZodType; readonly maxBytes: number; readonly example: unknown }
  | { readonly kind: 'records' | 'events'; readonly maxBytes: number };

/** One successful answer of a route, as OpenAPI shows it. */
export interface AnswerSpec {
  readonly description: string;
  /** Absent: no body. */
  readonly schema?: z.ZodType;
  /** Instead of `application/json`, and of a schema. */
  readonly mediaType?: string;
  readonly example?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Further media types than `application/json`, each with what it holds. */
  readonly otherMedia?: Readonly<Record<string, string>>;
}

/** A topic that a request's body names, and the actions of which any on it opens the route. */
export interface NamedTopic {
  readonly topic: string;
  readonly actions: readonly Action[];
}

/** A row of the closed route table. Mounting, authorisation, `Allow`, OpenAPI and the isolation test derive from it. */
export interface Route {
  readonly method: Method;
  /** Hono's syntax; the parameters' names are those of `PathParams`. */
  readonly path: `/${string}`;
  readonly function: 'produce' | 'fetch' | 'subscribe' | 'deliver' | 'admin' | 'maintain';
  readonly tag: 'Records' | 'Groups' | 'Subscriptions' | 'Topics' | 'Tenants' | 'Keys' | 'Service';
  readonly credential: Credential;
  /** `?ticket=` opens it too, without a key. */
  readonly takesTicket?: true;
  /** Any of these actions on `:topic` opens the route. */
  readonly topicActions?: readonly Action[];
  /** This action, on whatever topics, opens the route. */
  readonly keyAction?: Action;
  /** Every topic that the JSON body names has to be in the key's scope as well. */
  namedTopics?(body: unknown): readonly NamedTopic[];
  /** A strict object: unknown parameters are refused. */
  readonly query: z.ZodObject;
  readonly body: RequestBody;
  readonly summary: string;
  readonly description?: string;
  readonly answers: Readonly<Record<number, AnswerSpec>>;
  /** Beyond those that the edge may give on every route. */
  readonly errors: readonly ErrorCode[];
}

/** Path parameters, by name, as handlers get them. */
export interface PathParams {
  readonly tenant: TenantId;
  readonly topic: TopicName;
  /** From decimal digits; may be beyond what the topic has. */
  readonly partition: number;
  readonly key: KeyId;
  readonly group: GroupName;
  readonly member: MemberName;
  readonly subscription: SubscriptionId;
}

type Segments<Path extends string> = Path extends `/${infer Head}/${infer Tail}`
  ? Head | Segments<`/${Tail}`>
  : Path extends `/${infer Last}`
    ? Last
    : never;

/** The names of a path's parameters. */
export type ParamNames<Path extends string> =
  Segments<Path> extends infer Segment ? (Segment extends `:${infer Name}` ? Name & keyof PathParams : never) : never;

/** Absent and `null` mean the same in a request; handlers see absent only. */
export type WithoutNulls<Value> = Value extends readonly unknown[] | string
  ? Value
  : Value extends object
    ? { readonly [Key in keyof Value]: WithoutNulls<Exclude<Value[Key], null>> }
    : Value;
