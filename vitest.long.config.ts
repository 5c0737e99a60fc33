import { defineConfig } from 'vitest/config';

/** Tests that take longer than a coffee: kill rounds, memory. Run by name: scripts/run-long-test.mjs. */
export default defineConfig({
  test: {
    include: ['test/**/*.long.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 1_800_000,
    hookTimeout: 120_000,
    reporters: ['verbose', './test/support/summary-reporter.ts'],
  },
});
