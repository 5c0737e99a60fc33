/**
 * Bundles one function for Lambda: `node scripts/bundle-function.mjs <function> <folder>` writes `index.mjs`, what it imports, and their
 * source maps. Everything is inside, the AWS SDK too, so that what was tested is what runs. The same sources give the same bytes, wherever the
 * folder is.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { leaveOut } from './bundle/leave-out.mjs';
import { ownRoutes } from './bundle/own-routes.mjs';
import { plainBuiltins } from './bundle/plain-builtins.mjs';
import { pureSchemas } from './bundle/pure-schemas.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Gives the OpenAPI document, and so knows every route in full. */
const OPENAPI = 'admin';

const OPTIONS = {
  absWorkingDir: ROOT,
  bundle: true,
  write: false,
  metafile: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // What is imported dynamically is a file of its own, read when it is needed.
  splitting: true,
  outExtension: { '.js': '.mjs' },
  chunkNames: '[name]-[hash]',
  // Modules first: they can be shaken, which saves a third of the AWS SDK.
  mainFields: ['module', 'main'],
  alias: { '@aws-sdk/credential-provider-node': join(ROOT, 'scripts/bundle/lambda-credentials.mjs') },
  minify: true,
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  charset: 'utf8',
  logLevel: 'error',
};

/** @returns what esbuild made: `outputFiles` in memory and the `metafile`. */
const bundleFunction = (name) =>
  build({
    ...OPTIONS,
    plugins: [
      plainBuiltins,
      leaveOut({ jsonSchema: name === OPENAPI }),
      ...(name === OPENAPI ? [] : [ownRoutes(name, ROOT), pureSchemas]),
    ],
    entryPoints: { index: `functions/${name}/handler.ts` },
    outdir: join('.build', 'functions', name),
  });

/** @returns esbuild's `metafile`. */
export const writeBundle = async (name, folder) => {
  const { outputFiles, metafile } = await bundleFunction(name);
  await mkdir(folder, { recursive: true });
  for (const { path, contents } of outputFiles) await writeFile(join(folder, basename(path)), contents);
  return { metafile };
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [name, folder] = process.argv.slice(2);
  if (name === undefined || folder === undefined) throw new Error('Say which function, and into which folder.');
  await writeBundle(name, folder);
}
