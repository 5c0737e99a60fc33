import { defineConfig } from 'vitest/config';

/** Tests of a bus that `npm run aws:deploy` has deployed, over HTTP alone: `npm run aws:test`. */
export default defineConfig({
  test: {
    include: ['test/**/*.deployed.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', './test/support/summary-reporter.ts'],
  },
});
