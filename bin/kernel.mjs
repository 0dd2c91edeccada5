// `npm run kernel`: compiles models/kernel/fused.as into the module that source and built code load alike.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'models', 'kernel');
export const target = join(folder, 'fusedWasm.ts');

/** The text of `fusedWasm.ts`. SIMD of the standard only: relaxed SIMD may round differently from machine to machine. */
export async function compiled() {
  const { default: asc } = await import('assemblyscript/asc');
  const { error, binary, stderr } = await asc.compileString(
    { 'fused.ts': readFileSync(join(folder, 'fused.as'), 'utf8') },
    { optimizeLevel: 3, shrinkLevel: 0, noAssert: true, runtime: 'stub', enable: ['simd'], importMemory: true },
  );
  if (error) throw new Error(`fused.as does not compile: ${error.message}\n${stderr.toString()}`);
  return `/** Built from fused.as by \`npm run kernel\`. */\nexport const fusedWasm =\n  '${Buffer.from(binary).toString('base64')}';\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync(target, await compiled());
