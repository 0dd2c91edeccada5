// `npm run kernel`: compiles the kernels of models/kernel into the modules that source and built code load alike.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'models', 'kernel');
export const kernels = ['fused', 'sparse', 'trunk'];
export const target = (kernel) => join(folder, `${kernel}Wasm.ts`);

/** The text of a kernel's module. SIMD of the standard only: relaxed SIMD may round differently from machine to machine. */
export async function compiled(kernel) {
  const { default: asc } = await import('assemblyscript/asc');
  const { error, binary, stderr } = await asc.compileString(
    { [`${kernel}.ts`]: readFileSync(join(folder, `${kernel}.as`), 'utf8') },
    { optimizeLevel: 3, shrinkLevel: 0, noAssert: true, runtime: 'stub', enable: ['simd'], importMemory: true },
  );
  if (error) throw new Error(`${kernel}.as does not compile: ${error.message}\n${stderr.toString()}`);
  return `/** Built from ${kernel}.as by \`npm run kernel\`. */\nexport const ${kernel}Wasm =\n  '${Buffer.from(binary).toString('base64')}';\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  for (const kernel of kernels) writeFileSync(target(kernel), await compiled(kernel));
