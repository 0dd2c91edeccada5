import { defineConfig } from 'vitest/config';

/** The slow tier: processes killed at random moments, whole floors of probes and the like; one file at a time, minutes in all. */
export default defineConfig({
  resolve: { alias: { foresell: new URL('./bin/library.ts', import.meta.url).pathname } },
  test: {
    include: ['tests/slow/**/*.test.ts', 'tests/leakage.test.ts'],
    env: { FORESELL_FLOORS: '1' },
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 20 * 60_000,
    hookTimeout: 5 * 60_000,
    setupFiles: ['tests/setup.ts'],
  },
});
