import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { build } from 'esbuild';

const TABLE = /shared\/contract\/routes\.ts$/;
const FOLDER = 'shared/contract/routes';

/** The tables that `routes.ts` is made of: of each, its file and the name that it exports. */
const tablesOf = (source) =>
  Array.from(source.matchAll(/^import \{ (\w+) \} from '\.\/routes\/([\w-]+\.ts)';$/gm), ([, name, file]) => ({
    name,
    file,
  }));

/** The rows as they are at run time. */
const load = async (root, tables) => {
  const contents = tables.map(({ name, file }) => `export { ${name} } from './${FOLDER}/${file}';`).join('\n');
  const stdin = { contents, resolveDir: root, loader: 'ts' };
  const { outputFiles } = await build({
    stdin,
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
};

const withoutSchemas = ({ method, path, function: owner, credential }) => ({
  method,
  path,
  function: owner,
  credential,
});

const sourceOf = (tables, rows, functionName) => {
  const owned = tables.filter(({ name }) => Object.values(rows[name]).some((row) => row.function === functionName));
  const others = tables
    .filter((table) => !owned.includes(table))
    .flatMap(({ name }) => Object.entries(rows[name]).map(([id, row]) => [id, withoutSchemas(row)]));
  return [
    ...owned.map(({ name, file }) => `import { ${name} } from './routes/${basename(file)}';`),
    `export const ROUTES = { ${owned.map(({ name }) => `...${name}, `).join('')}...${JSON.stringify(Object.fromEntries(others))} };`,
    'export const routeEntries = () => Object.entries(ROUTES);',
  ].join('\n');
};

/**
 * For esbuild: of the routes that other functions answer, a function's bundle has the method and the path, so that what is not its
 * own gets a 405 or a 404 as in one process, but not their schemas. Making those takes longer than reading them.
 */
export const ownRoutes = (functionName, root) => ({
  name: 'own-routes',
  setup(bundle) {
    bundle.onLoad({ filter: TABLE }, async ({ path }) => {
      const tables = tablesOf(await readFile(path, 'utf8'));
      return { contents: sourceOf(tables, await load(root, tables), functionName), loader: 'js' };
    });
  },
});
