import { describe, expect, it } from 'vitest';
import { ERRORS, type ErrorCode } from '../../../shared/contract/errors.ts';
import { openApiDocument } from '../../../shared/contract/openapi.ts';
import type { Route } from '../../../shared/contract/route.ts';
import { routeEntries } from '../../../shared/contract/routes.ts';

const document = openApiDocument('1.2.3');
const text = JSON.stringify(document);

interface Operation {
  readonly operationId: string;
  readonly security: readonly object[];
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly requestBody?: { readonly required: boolean };
  readonly responses: Readonly<Record<string, unknown>>;
}

const operationOf = (route: Route): Operation => {
  const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
  return document.paths[path]?.[route.method.toLowerCase()] as Operation;
};

const resolve = (pointer: string): unknown =>
  pointer
    .slice(2)
    .split('/')
    .reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], document);

describe('the document', () => {
  it('has every reference that it makes', () => {
    const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, pointer]) => pointer ?? '');
    expect(references.length).toBeGreaterThan(100);
    expect(references.filter((pointer) => resolve(pointer) === undefined)).toEqual([]);
  });

  it('says nothing twice about how the schemas came to be', () => {
    expect(text).not.toMatch(/\$schema|\$id|\$defs|9007199254740991/);
  });

  it('has an example of every problem that a route may answer', () => {
    const used = new Set(routeEntries().flatMap(([, route]) => route.errors));
    for (const code of used) expect(document.components.examples[code]).toBeDefined();
  });
});

describe.each(routeEntries())('%s', (id, route) => {
  const operation = operationOf(route);

  it('is there, with its security and its parameters', () => {
    expect(operation.operationId).toBe(id);
    expect(operation.security.length).toBe({ none: 0, any: 2, operator: 1, tenant: 1 }[route.credential]);
    const query = operation.parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
    expect(query).toEqual(Object.keys(route.query.shape));
    const inPath = operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
    expect(inPath).toEqual([...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name));
  });

  it('has every status that it may answer', () => {
    const expected = new Set([
      ...Object.keys(route.answers),
      ...route.errors.map((code: ErrorCode) => String(ERRORS[code].status)),
    ]);
    for (const status of expected) expect(Object.keys(operation.responses)).toContain(status);
    expect(Object.keys(operation.responses).includes('401')).toBe(route.credential !== 'none');
  });

  it('has examples that its own schemas take', () => {
    for (const { schema, example } of Object.values(route.answers)) {
      if (schema !== undefined) expect(schema.safeParse(example).error).toBeUndefined();
    }
    if (route.body.kind === 'json') expect(route.body.schema.safeParse(route.body.example).error).toBeUndefined();
  });
});
