import type { SerializedError } from 'vitest';
import type { Reporter, TestModule, TestSuite } from 'vitest/node';

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** A file that does not load, or a suite whose hook throws, runs none of its tests: each such error counts as one failure. */
const countErrors = (module: TestModule): number => {
  const suites: TestSuite[] = [...module.children.allSuites()];
  return module.errors().length + suites.reduce((sum, suite) => sum + suite.errors().length, 0);
};

const countModule = (module: TestModule, counts: Counts): void => {
  counts.failed += countErrors(module);
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    if (state === 'passed') counts.passed += 1;
    else if (state === 'failed') counts.failed += 1;
    else counts.skipped += 1;
  }
};

/** Counts a whole run. Errors outside any test (an unhandled rejection, say) are failures too. */
export const countRun = (modules: readonly TestModule[], unhandled: readonly SerializedError[]): Counts => {
  const counts: Counts = { passed: 0, failed: unhandled.length, skipped: 0 };
  for (const module of modules) countModule(module, counts);
  return counts;
};

/** The last line of every run: `N passed, N failed, N skipped`, alone on its line, for whatever reads the log. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const counts = countRun(modules, unhandled);
    if (counts.failed > 0) process.exitCode = 1;
    process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
  }
}
