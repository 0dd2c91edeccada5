/** The arrows of the house: who may import whom. A value only moves to the right. */
const folders = ['src', 'features', 'models', 'training', 'api', 'datasets', 'bin', 'benchmarks', 'tests'];
const may = {
  src: [],
  features: ['src'],
  models: ['src'],
  training: ['src', 'features', 'models', 'datasets'],
  api: ['src', 'features', 'models'],
  datasets: ['src'],
};
const arrows = Object.entries(may).map(([from, to]) => ({
  name: `${from}-sees-only-${['itself', ...to].join('-')}`,
  severity: 'error',
  from: { path: `^${from}/` },
  to: { path: `^(${folders.filter((f) => f !== from && !to.includes(f)).join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...arrows,
    { name: 'nothing-imports-bin', severity: 'error', from: { pathNot: '^(bin|tests)/' }, to: { path: '^bin/' } },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'tensorflow-enters-by-one-door',
      severity: 'error',
      from: { pathNot: '^models/tf\\.ts$|^tests/|^benchmarks/' },
      to: { path: '@tensorflow/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.mjs', '.js', '.json'] },
  },
};
