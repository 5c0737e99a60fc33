import { defineConfig } from 'vitest/config';
import { ProcessesFirst } from './test/support/processes-first.ts';

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
    // No module here keeps state, so files share a process: one for each took a third of the processors' time.
    isolate: false,
    // One more than the two processors of a small machine: tests wait for disks, timers and processes of their own.
    maxWorkers: 3,
    sequence: { sequencer: ProcessesFirst },
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
