import { defineConfig } from 'vitest/config';

/** The slow tier: processes killed at random moments and the like; one file at a time, minutes in all. */
export default defineConfig({
  test: {
    include: ['tests/slow/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 20 * 60_000,
    hookTimeout: 5 * 60_000,
    setupFiles: ['tests/setup.ts'],
  },
});
