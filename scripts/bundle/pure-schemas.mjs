import { readFile } from 'node:fs/promises';
import { transform } from 'esbuild';

const SCHEMAS = /shared\/contract\/schemas\/[\w-]+\.ts$/;
const CONSTANT = /^((?:export )?const \w+ = )(.*)$/;

/** esbuild indents whatever goes on, so that a statement ends where a line that is not indented ends with a semicolon. */
const endOf = (lines, first) => {
  let last = first;
  while (/^\s/.test(lines[last]) || !lines[last].endsWith(';')) last += 1;
  return last;
};

const withPureConstants = (source) => {
  const lines = source.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const [, head, begun] = CONSTANT.exec(lines[at]) ?? [];
    if (head === undefined) continue;
    lines[at] = `${head}/* @__PURE__ */ (() => (${begun}`;
    const last = endOf(lines, at);
    lines[last] = lines[last].replace(/;$/, '))();');
    at = last;
  }
  return lines.join('\n');
};

/** For esbuild: making a schema has no effect but the schema, so that those which a function does not use are not in its bundle. */
export const pureSchemas = {
  name: 'pure-schemas',
  setup(bundle) {
    bundle.onLoad({ filter: SCHEMAS }, async ({ path }) => {
      const { code } = await transform(await readFile(path, 'utf8'), { loader: 'ts' });
      return { contents: withPureConstants(code), loader: 'js' };
    });
  },
};
