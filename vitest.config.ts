import { configDefaults, defineConfig } from 'vitest/config';

/**
 * The quick tier: everything but tests/slow. Two workers, because the machines it is meant for have two cores. Test files
 * of a worker share its modules: loaded anew for each of them they cost more time than the tests. What depends on
 * all that a process has loaded is tested in one of its own (`alone`).
 */
export default defineConfig({
  resolve: { alias: { foresell: new URL('./bin/library.ts', import.meta.url).pathname } },
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: [...configDefaults.exclude, 'tests/slow/**'],
    pool: 'forks',
    isolate: false,
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    setupFiles: ['tests/setup.ts'],
    dangerouslyIgnoreUnhandledErrors: false,
    passWithNoTests: false,
  },
});
