import { defineConfig } from 'vitest/config';

/** Tests against emulators of AWS, which the global setup starts and stops: `npm run test:emulator`. */
export default defineConfig({
  test: {
    include: ['test/**/*.emulator.test.ts'],
    globalSetup: ['./test/emulator/global-setup.mjs'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', './test/support/summary-reporter.ts'],
  },
});
