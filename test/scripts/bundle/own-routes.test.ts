import { build, type Plugin } from 'esbuild';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Route } from '../../../shared/contract/route.ts';
import { ROUTES } from '../../../shared/contract/routes.ts';

const ROOT = process.cwd();
/** Plain JavaScript, without types. */
const script = (name: string) => import(new URL(`../../../scripts/bundle/${name}`, import.meta.url).href);
const { ownRoutes } = (await script('own-routes.mjs')) as { ownRoutes: (name: string, root: string) => Plugin };
const { pureSchemas } = (await script('pure-schemas.mjs')) as { pureSchemas: Plugin };
const FUNCTIONS = ['produce', 'fetch', 'subscribe', 'deliver', 'maintain'] as const;

const zodGlobals = globalThis as { __zod_globalRegistry?: unknown };

/** The zod of a bundle would write its schemas into the register that the whole process shares, where other tests find them twice. */
const apart = async <Result>(load: () => Promise<Result>): Promise<Result> => {
  const shared = zodGlobals.__zod_globalRegistry;
  delete zodGlobals.__zod_globalRegistry;
  try {
    return await load();
  } finally {
    zodGlobals.__zod_globalRegistry = shared;
  }
};

interface InBundle {
  readonly routes: Record<string, Route>;
  readonly text: string;
  /** Which knows the names of its schemas. */
  readonly itsZod: typeof z;
}

/** The table as it is in that function's bundle, and the bundle's text. */
const inBundleOf = async (name: string): Promise<InBundle> => {
  const contents = `export { ROUTES } from './shared/contract/routes.ts'; export * as z from 'zod';`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    plugins: [ownRoutes(name, ROOT), pureSchemas],
  });
  const text = outputFiles[0]!.text;
  const { ROUTES: routes, z: itsZod } = await apart(
    () => import(`data:text/javascript;base64,${Buffer.from(text).toString('base64')}`),
  );
  return { routes, text, itsZod };
};

/** What decides how requests are judged and read. */
const judged = ({ method, path, function: owner, credential, topicActions, keyAction, takesTicket }: Route) => ({
  ...{ method, path, owner, credential, topicActions, keyAction, takesTicket },
});
const types = ({ answers }: Route) =>
  Object.values(answers).map(({ schema, mediaType, otherMedia }) => [schema !== undefined, mediaType, otherMedia]);
const schemasOf = (zod: typeof z, { query, body }: Route) =>
  [query, body.kind === 'json' ? body.schema : undefined].map(
    (schema) => schema && zod.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }),
  );

describe('the routes in a bundle', () => {
  it.each(FUNCTIONS)(
    'of %s: its own read requests as they do elsewhere, the others have a method and a path',
    async (name) => {
      const { routes, text, itsZod } = await inBundleOf(name);
      expect(Object.keys(routes).sort()).toEqual(Object.keys(ROUTES).sort());
      for (const [id, route] of Object.entries<Route>(ROUTES)) {
        const bundled = routes[id]!;
        if (route.function !== name) {
          const { method, path, function: owner, credential } = route;
          expect(bundled, id).toEqual({ method, path, function: owner, credential });
          continue;
        }
        expect(judged(bundled), id).toEqual(judged(route));
        expect(types(bundled), id).toEqual(types(route));
        expect(schemasOf(itsZod, bundled), id).toEqual(schemasOf(z, route));
        expect(bundled.body.kind === 'none' ? 0 : bundled.body.maxBytes).toBe(
          route.body.kind === 'none' ? 0 : route.body.maxBytes,
        );
        expect(String(bundled.namedTopics === undefined), id).toBe(String(route.namedTopics === undefined));
      }
      expect(text.includes('ProduceResults'), 'a schema that is for the documentation only').toBe(false);
    },
  );
});
