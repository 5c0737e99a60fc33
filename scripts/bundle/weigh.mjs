import { basename } from 'node:path';

const AT_ONCE = ['import-statement'];
const IN_ALL = ['import-statement', 'dynamic-import'];

/** Bytes of a bundle by its metafile: what is read before the handler is ready, and all that it has. Source maps are not counted. */
export const weigh = ({ outputs }) => {
  const byName = new Map(Object.entries(outputs).map(([path, output]) => [basename(path), output]));
  const reach = (name, kinds, seen) => {
    if (seen.has(name)) return seen;
    seen.add(name);
    for (const { path, kind } of byName.get(name).imports) if (kinds.includes(kind)) reach(basename(path), kinds, seen);
    return seen;
  };
  const sum = (kinds) =>
    [...reach('index.mjs', kinds, new Set())].reduce((bytes, name) => bytes + byName.get(name).bytes, 0);
  return { bytesAtOnce: sum(AT_ONCE), bytes: sum(IN_ALL) };
};
