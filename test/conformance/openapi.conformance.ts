import { describe, expect, it } from 'vitest';
import { must } from '../support/bus.ts';
import type { Chapter } from './bus-under-test.ts';
import { ROUTES } from './routes.ts';

interface Described {
  readonly $ref?: string;
  readonly content?: Readonly<Record<string, unknown>>;
}

interface Operation {
  readonly responses?: Readonly<Record<string, Described>>;
}

interface Document {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly responses?: Readonly<Record<string, Described>> };
}

/** The content types of an answer, which may be described elsewhere and only be referred to. */
const contentTypes = (document: Document, answer: Described | undefined): string[] => {
  const name = answer?.$ref?.split('/').at(-1);
  const described = name === undefined ? answer : document.components?.responses?.[name];
  return Object.keys(described?.content ?? {});
};

/** Two templates are one path whatever their parameters are called. */
const shape = (path: string): string => path.replace(/\{\w+\}/g, '{}');

export const openapi: Chapter = (bus) => {
  const read = async (): Promise<Document> => must(await bus.anonymous.get('/openapi.json'), 200).json<Document>();

  it('is an OpenAPI 3.1 document, without a key', async () => {
    const document = await read();
    expect(document.openapi).toMatch(/^3\.1\./);
    expect(document.info.title).toMatch(/chasqui/i);
    expect(document.info.version).toMatch(/^\d+\.\d+\.\d+/);
  });

  describe.each(ROUTES)('$path', ({ path, methods }) => {
    it('is described with every method, and an error as problem details', async () => {
      const document = await read();
      const found = Object.entries(document.paths).find(([described]) => shape(described) === shape(path));
      expect(found, path).toBeDefined();
      for (const method of methods) {
        const operation = found?.[1][method.toLowerCase()];
        expect(operation, `${method} ${path}`).toBeDefined();
        expect(contentTypes(document, operation?.responses?.['401'])).toEqual(['application/problem+json']);
      }
    });
  });

  it('describes no path that does not exist', async () => {
    const known = new Set([...ROUTES.map(({ path }) => shape(path)), '/healthz', '/openapi.json']);
    const described = Object.keys((await read()).paths).map(shape);
    expect(described.filter((path) => !known.has(path))).toEqual([]);
  });
};
