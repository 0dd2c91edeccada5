// The program in few files: Node opens and links some 100 instead of 550 before a server is ready. `npm run build`.
//
// The command line, its threads and the library are entries of one bundle, so that a company's own code and the command that runs it
// share every class; what is loaded only when asked for stays in files of its own.
import { readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from './steps.mjs';

const folder = join(root, 'dist', 'bin');
/** Left where they are installed: compiled ones, large ones that few commands load, and those that may be absent. */
const external = ['better-sqlite3', '@tensorflow/*', 'apache-arrow', 'danfojs-node', 'swagger-ui-dist'];
const common = {
  absWorkingDir: root,
  bundle: true,
  splitting: true,
  metafile: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  logLevel: 'warning',
};

/** Of Hono and zod: what the program asks for, and the file that it gets. */
const shared = new Map();
const fileOf = (name) => (/^hono\b/.test(name) ? name.replaceAll('/', '-') : 'schemas');

const program = await build({
  ...common,
  entryPoints: ['bin/cli.ts', 'bin/library.ts', 'bin/scoreWorker.ts', 'bin/fitWorker.ts', 'bin/treeWorker.ts'],
  outdir: folder,
  external,
  // Packages in the older form ask for modules of Node while they run.
  banner: {
    js: "import { createRequire as requireOf } from 'node:module';\nconst require = requireOf(import.meta.url);",
  },
  define: { BUILT_FROM: JSON.stringify(await hashOfSources()) },
  plugins: [
    {
      name: 'Hono and zod apart',
      setup: ({ onResolve }) =>
        onResolve({ filter: /^(zod|@hono\/zod-openapi|hono(\/.*)?)$/ }, ({ path }) => {
          const file = fileOf(path);
          shared.set(file, file === 'schemas' ? '@hono/zod-openapi' : path);
          return { path: `./${file}.js`, external: true };
        }),
    },
  ],
});

/**
 * zod stands in one file with what extends it for OpenAPI: every schema must be made after that, and esbuild does not
 * keep the order between files of a split bundle. Its messages in 50 languages stay out; ours are in English.
 */
const web = await build({
  ...common,
  entryPoints: Object.fromEntries(shared),
  outdir: folder,
  plugins: [
    {
      name: 'English alone',
      setup: ({ onLoad }) =>
        onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
          contents: "export { default as en } from './en.js';",
        })),
    },
  ],
});

const written = new Set([program, web].flatMap(({ metafile }) => Object.keys(metafile.outputs).map((path) => basename(path)))); // biome-ignore format: one list
for (const file of readdirSync(folder)) if (file.endsWith('.js') && !written.has(file)) rmSync(join(folder, file));

/** What the sources say of themselves, by their own reckoning. */
async function hashOfSources() {
  const entry = 'src/store/codeVersion.ts';
  const here = JSON.stringify(pathToFileURL(join(root, entry)).href);
  const { outputFiles } = await build({ ...common, entryPoints: [entry], outdir: folder, write: false, define: { 'import.meta.url': here } }); // biome-ignore format: one call
  const { codeVersion } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
  return codeVersion().hash;
}
