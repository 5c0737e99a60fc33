import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const TABLE = /shared\/contract\/routes\.ts$/;
const CONTRACT = 'shared/contract';

/** The tables that `routes.ts` is made of: of each, its file and the name that it exports. */
const tablesOf = (source) =>
  Array.from(source.matchAll(/^import \{ (\w+) \} from '\.\/routes\/([\w-]+\.ts)';$/gm), ([, name, file]) => ({
    name,
    file,
  }));

/** The rows as they are at run time, and by their files the things that rows are made of. */
const load = async (root, tables) => {
  const schemas = readdirSync(join(root, CONTRACT, 'schemas')).map((file) => `schemas/${file}`);
  const files = ['named-topics.ts', ...schemas];
  const contents = [
    ...tables.map(({ name, file }) => `export { ${name} } from './${CONTRACT}/routes/${file}';`),
    ...files.map((file, at) => `import * as part${at} from './${CONTRACT}/${file}';`),
    `export const parts = { ${files.map((file, at) => `${JSON.stringify(file)}: part${at}`).join(', ')} };`,
  ].join('\n');
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

const methodAndPath = ({ method, path, function: owner, credential }) => ({
  method,
  path,
  function: owner,
  credential,
});

/** What the edge asks of an answer: whether it has a body, and of which type. What the body looks like is for the OpenAPI document. */
const answersOf = ({ answers }) =>
  Object.fromEntries(
    Object.entries(answers).map(([status, { schema, mediaType, otherMedia }]) => [
      status,
      { schema: schema && {}, mediaType, otherMedia },
    ]),
  );

/** A row as source text: what is no data is named, so that what no row names is left out. */
const ownRow = (row, nameOf) => {
  const { query, body, namedTopics, summary: _summary, description: _description, errors: _errors, ...rest } = row;
  const { schema, example: _example, ...kind } = body;
  const named = namedTopics === undefined ? '' : `namedTopics: ${nameOf(namedTopics)}, `;
  const readBy = schema === undefined ? '' : `, schema: ${nameOf(schema)}`;
  const fields = JSON.stringify({ ...rest, answers: answersOf(row) });
  return `{ ...${fields}, ${named}query: ${nameOf(query)}, body: { ...${JSON.stringify(kind)}${readBy} } }`;
};

const sourceOf = (tables, { parts, ...rows }, functionName) => {
  const imports = new Set();
  const nameOf = (part) => {
    for (const [file, exported] of Object.entries(parts)) {
      const name = Object.keys(exported).find((each) => exported[each] === part);
      if (name === undefined) continue;
      imports.add(`import { ${name} } from './${file}';`);
      return name;
    }
    throw new Error('What a route reads its requests by has to be exported: a schema, or one of named-topics.ts.');
  };
  const sourceOfRow = (row) =>
    row.function === functionName ? ownRow(row, nameOf) : JSON.stringify(methodAndPath(row));
  const entries = tables.flatMap(({ name }) =>
    Object.entries(rows[name]).map(([id, row]) => `${id}: ${sourceOfRow(row)},`),
  );
  return [
    ...imports,
    `export const ROUTES = {\n${entries.join('\n')}\n};`,
    'export const routeEntries = () => Object.entries(ROUTES);',
  ].join('\n');
};

/**
 * For esbuild: of the routes that other functions answer, a function's bundle has the method and the path, so that what is not its
 * own gets a 405 or a 404 as in one process, but not their schemas; of its own, what it reads requests by. Making schemas takes longer
 * than reading them.
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
