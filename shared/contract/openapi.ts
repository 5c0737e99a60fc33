import { parametersOf } from './openapi/parameters.ts';
import { requestBodyOf } from './openapi/request-body.ts';
import { problemExamples, REQUEST_ID, responsesOf } from './openapi/responses.ts';
import { namedSchemas } from './openapi/schemas.ts';
import type { Credential, Route } from './route.ts';
import { routeEntries } from './routes.ts';

const INFO = {
  title: 'Chasqui',
  summary: "A serverless multi-tenant event bus: Kafka's log over plain HTTP.",
  description: [
    'Errors are problem details (RFC 9457): `code` is stable, `retryable` says whether the same request may succeed later, `sideEffects`',
    'whether anything may have happened.',
    'Checks come in the order 401, 405, 403, then 400, 406, 413 and 415, then 404 and the rest.',
    'HEAD is answered wherever GET is. A parameter that is unknown, or stands twice, is refused.',
    'A JSON body may be gzip; no body at all leaves every field out; `null` and absent mean the same.',
  ].join(' '),
  license: { name: 'MIT', identifier: 'MIT' },
};

const TAGS: Record<Route['tag'], string> = {
  Records: 'Produce and fetch.',
  Groups: 'Consumer groups: pull, commit, and be balanced.',
  Topics: "A tenant's topics and their partitions.",
  Subscriptions: 'Push: records sent to an endpoint of yours.',
  Tenants: 'For the operator: who uses the bus.',
  Keys: "API keys: the operator's road to any tenant's, and a tenant's to its own.",
  Service: 'What the service says of itself.',
};

const SECURITY: Record<Credential, Record<string, never[]>[]> = {
  none: [],
  any: [{ tenantKey: [] }, { operatorKey: [] }],
  operator: [{ operatorKey: [] }],
  tenant: [{ tenantKey: [] }],
};

const operationOf = (id: string, route: Route) => {
  const requestBody = requestBodyOf(route);
  return {
    operationId: id,
    tags: [route.tag],
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    security: SECURITY[route.credential],
    parameters: parametersOf(route),
    ...(requestBody === undefined ? {} : { requestBody }),
    responses: responsesOf(route),
  };
};

const bearer = (description: string) => ({ type: 'http', scheme: 'bearer', description });

/** OpenAPI 3.1 of the whole surface, out of the route table and the schemas that validate. */
export const openApiDocument = (version: string) => {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [id, route] of routeEntries()) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(id, route) };
  }
  return {
    openapi: '3.1.1',
    info: { ...INFO, version },
    servers: [{ url: '/', description: 'Wherever this document was read.' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: {
        tenantKey: bearer("A tenant's API key, with the scope that the route needs."),
        operatorKey: bearer("The operator's key."),
      },
      headers: { RequestId: REQUEST_ID },
      examples: problemExamples(routeEntries().map(([, route]) => route)),
      schemas: namedSchemas(),
    },
  };
};
