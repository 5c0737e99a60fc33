/**
 * Bundles one function for Lambda: `node scripts/bundle-function.mjs <produce|fetch|admin|maintain> <folder>` writes `index.mjs` and its source
 * map. Everything is inside, the AWS SDK too, so that what was tested is what runs. The same sources give the same bytes, wherever the
 * folder is.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { leaveOut } from './bundle/leave-out.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Packages written for `require` find one, as an ES module has none of its own. */
const BANNER =
  "import { createRequire as requireOfBundle } from 'node:module'; const require = requireOfBundle(import.meta.url);";

const OPTIONS = {
  absWorkingDir: ROOT,
  bundle: true,
  write: false,
  metafile: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // Modules first: they can be shaken, which saves a third of the AWS SDK.
  mainFields: ['module', 'main'],
  alias: { '@aws-sdk/credential-provider-node': join(ROOT, 'scripts/bundle/lambda-credentials.mjs') },
  plugins: [leaveOut],
  minify: true,
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  charset: 'utf8',
  banner: { js: BANNER },
  logLevel: 'error',
};

/** @returns what esbuild made: `outputFiles` in memory and the `metafile`. */
export const bundleFunction = (name) =>
  build({
    ...OPTIONS,
    entryPoints: [`functions/${name}/handler.ts`],
    outfile: join('.build', 'functions', name, 'index.mjs'),
  });

export const writeBundle = async (name, folder) => {
  const { outputFiles } = await bundleFunction(name);
  await mkdir(folder, { recursive: true });
  for (const { path, contents } of outputFiles) await writeFile(join(folder, basename(path)), contents);
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [name, folder] = process.argv.slice(2);
  if (name === undefined || folder === undefined) throw new Error('Say which function, and into which folder.');
  await writeBundle(name, folder);
}
