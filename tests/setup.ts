import { configureGlobal } from 'fast-check';

/**
 * Random tests replay the same cases each time, so that a run of CI proves what the last one proved; another seed explores:
 * FORESELL_TEST_SEED=N. fast-check prints seed and counterexample where one fails; a counterexample found becomes a test.
 */
configureGlobal({ seed: Number(process.env['FORESELL_TEST_SEED'] ?? 20261121) });

/** A warning of Node (a listener leak, something deprecated, a promise dropped) fails the test file that caused it. */
function failOnWarning(warning: Error) {
  if (warning.name === 'ExperimentalWarning') return; // of the runtime's own making, not ours to mend
  throw warning;
}

// One process runs many test files one after another, and each comes through here.
if (!process.listeners('warning').some(({ name }) => name === failOnWarning.name)) process.on('warning', failOnWarning);
