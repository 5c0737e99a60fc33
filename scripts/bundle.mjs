import { readFileSync, statSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Packages that carry machine code, which no bundler can take in. */
const NATIVE = ['lmdb'];

/** Packages written for `require` find one, as an ES module has none of its own. */
const BANNER =
  "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);";

/** `.build` inside the package; where that may not be written (a global installation), the user's cache. */
const outputFolders = () => [
  join(ROOT, '.build'),
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'chasqui', encodeURIComponent(ROOT)),
];

const stampOf = (path) => {
  const { mtimeMs, size } = statSync(path);
  return `${mtimeMs}:${size}`;
};

/** Whether the bundle was made from the sources as they are now, in this place. Looks at times and sizes only: some 2 ms. */
const isFresh = (output) => {
  try {
    const made = JSON.parse(readFileSync(`${output}.json`, 'utf8'));
    const unchanged = ([path, stamp]) => stampOf(join(ROOT, path)) === stamp;
    return made.root === ROOT && made.output === stampOf(output) && Object.entries(made.inputs).every(unchanged);
  } catch {
    return false;
  }
};

/** Readers see the old file or the new one, never half of one. */
const writeAtomically = async (path, contents) => {
  const draft = `${path}.${process.pid}.tmp`;
  await writeFile(draft, contents);
  await rename(draft, path);
};

const nativePackages = {
  name: 'native-packages',
  setup(build) {
    build.onResolve({ filter: new RegExp(`^(${NATIVE.join('|')})$`) }, ({ path }) => ({
      path: import.meta.resolve(path),
      external: true,
    }));
  },
};

const compile = async (entry, output) => {
  const esbuild = await import('esbuild');
  try {
    return await esbuild.build({
      absWorkingDir: ROOT,
      entryPoints: [entry],
      outfile: output,
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      mainFields: ['module', 'main'],
      sourcemap: true,
      banner: { js: BANNER },
      plugins: [nativePackages],
      logLevel: 'error',
    });
  } finally {
    await esbuild.stop();
  }
};

const build = async (entry, output) => {
  const inputs = {};
  // Looked at before compiling: a source that changes meanwhile makes the bundle stale, not wrong for ever.
  const before = Date.now();
  const { outputFiles, metafile } = await compile(entry, output);
  for (const path of [...Object.keys(metafile.inputs), 'package-lock.json']) {
    const { mtimeMs } = statSync(join(ROOT, path), { throwIfNoEntry: false }) ?? { mtimeMs: undefined };
    if (mtimeMs !== undefined) inputs[path] = mtimeMs < before ? stampOf(join(ROOT, path)) : 'changed while compiling';
  }
  await mkdir(dirname(output), { recursive: true });
  await rm(`${output}.json`, { force: true });
  // The map first: a bundle is never seen without its own.
  const mapFirst = outputFiles.toSorted((a, b) => Number(b.path.endsWith('.map')) - Number(a.path.endsWith('.map')));
  for (const file of mapFirst) await writeAtomically(join(dirname(output), basename(file.path)), file.contents);
  await writeAtomically(`${output}.json`, JSON.stringify({ root: ROOT, output: stampOf(output), inputs }));
};

const buildWhereAllowed = async (entry, outputs) => {
  const [output, ...others] = outputs;
  try {
    await build(entry, output);
    return output;
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(error.code) || others.length === 0) throw error;
    return buildWhereAllowed(entry, others);
  }
};

/**
 * Imports a TypeScript file of this package (its path from the package's root), bundled with everything that it imports. The bundle
 * is kept and made again when a source has changed.
 */
export const importBundled = async (entry) => {
  const name = `${entry.replaceAll('/', '-').replace(/\.ts$/, '')}.mjs`;
  const outputs = outputFolders().map((folder) => join(folder, name));
  const output = outputs.find(isFresh) ?? (await buildWhereAllowed(entry, outputs));
  return import(pathToFileURL(output).href);
};
