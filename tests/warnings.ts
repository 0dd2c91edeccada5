/** A warning of Node (a listener leak, something deprecated, a promise dropped) fails the test file that caused it. */
process.on('warning', (warning) => {
  if (warning.name === 'ExperimentalWarning') return; // of the runtime's own making, not ours to mend
  throw warning;
});
