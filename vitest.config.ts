import { defineConfig } from 'vitest/config';

/**
 * What ends within minutes and needs nothing but this repository. Beside these stand `*.long.test.ts` (vitest.long.config.ts) and
 * `*.emulator.test.ts`, for which an emulator of AWS has to run.
 */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.{long,emulator,deployed}.test.ts'],
    // Child processes, because tests of the durable log start servers, kill them and map files.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    reporters: ['default', './test/support/summary-reporter.ts'],
    coverage: {
      provider: 'v8',
      include: ['shared/**/*.ts', 'functions/**/*.ts', 'cli/**/*.ts'],
      reporter: ['text-summary', 'html'],
      reportsDirectory: 'coverage',
    },
  },
});
