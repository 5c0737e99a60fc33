/**
 * Prints how long the project's files and functions are, and fails above the bars. A function counts when it has a body in braces;
 * one-line arrow functions would only flatter the median. Tests and benchmarks are not counted.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const ROOTS = ['shared', 'functions', 'client', 'cli', 'scripts'];
const BARS = { fileMedian: 105, fileMax: 250, functionMedian: 16, functionMax: 60 };

const sourceFiles = ROOTS.filter(existsSync).flatMap((root) =>
  readdirSync(root, { recursive: true })
    .map((name) => join(root, String(name)))
    .filter((path) => /\.(ts|mjs)$/.test(path)),
);

const lineCount = (text) => text.replace(/\n$/, '').split('\n').length;

const nameOf = (node) => {
  if (node.name !== undefined) return node.name.getText();
  const parent = node.parent;
  return parent !== undefined && parent.name !== undefined ? parent.name.getText() : '(anonymous)';
};

const functionsIn = (path, text) => {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const lineOf = (position) => source.getLineAndCharacterOfPosition(position).line;
  const found = [];
  const visit = (node) => {
    if (ts.isFunctionLike(node) && node.body !== undefined && ts.isBlock(node.body)) {
      const start = lineOf(node.getStart());
      found.push({ place: `${path}:${start + 1} ${nameOf(node)}`, length: lineOf(node.getEnd()) - start + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
};

const texts = sourceFiles.map((path) => ({ path, text: readFileSync(path, 'utf8') }));
const files = texts.map(({ path, text }) => ({ place: path, length: lineCount(text) }));
const functions = texts.flatMap(({ path, text }) => functionsIn(path, text));

const quantile = (items, q) => {
  const sorted = items.map((item) => item.length).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
};
const longest = (items, count) => [...items].sort((a, b) => b.length - a.length).slice(0, count);

const report = (what, items) => {
  const median = quantile(items, 0.5);
  const top = longest(items, 1)[0];
  console.log(
    `${items.length} ${what}: median ${median} lines, p90 ${quantile(items, 0.9)}, longest ${top?.length ?? 0} (${top?.place})`,
  );
  return median;
};

const failures = [];
const requireAtMost = (what, value, bar) => {
  if (value > bar) failures.push(`${what} is ${value} lines; the bar is ${bar}`);
};

requireAtMost('the median file', report('files', files), BARS.fileMedian);
requireAtMost('the median function', report('functions', functions), BARS.functionMedian);
for (const { place, length } of longest(files, 20)) requireAtMost(place, length, BARS.fileMax);
for (const { place, length } of longest(functions, 20)) requireAtMost(place, length, BARS.functionMax);

for (const failure of failures) console.error(`shape: ${failure}`);
process.exitCode = failures.length > 0 ? 1 : 0;
