import { readFileSync, writeFileSync } from 'node:fs';

const PAGE = 'docs/performance.md';

/** Puts a table between the two marks of that name in docs/performance.md, and leaves what a person wrote around it. */
export const publish = (mark: string, markdown: string): void => {
  const block = new RegExp(`(<!-- ${mark}:begin -->\\n)[\\s\\S]*(<!-- ${mark}:end -->)`);
  const page = readFileSync(PAGE, 'utf8').replace(block, (_, begin, end) => `${begin}\n${markdown}\n\n${end}`);
  writeFileSync(PAGE, page);
};
