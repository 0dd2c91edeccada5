#!/usr/bin/env node
// The command line, from the built code. In a checkout: `npx foresell <command>` after `npm start` or `npm run build`.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const built = new URL('../dist/bin/cli.js', import.meta.url);
if (!existsSync(fileURLToPath(built))) {
  process.stderr.write('foresell: not built yet; run: npm run build (npm start does it too)\n');
  process.exit(1);
}
const { asProcess } = await import(built.href);
await asProcess(process.argv.slice(2));
