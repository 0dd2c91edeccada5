import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import type * as Tf from '@tensorflow/tfjs-core';
import { ForesellError } from '../src/errors.ts';

/** TensorFlow.js enters the project here and nowhere else, and only when something is trained or checked. */
export type { Tensor, Tensor1D, Tensor2D, Tensor3D, Variable } from '@tensorflow/tfjs-core';
export type { SymbolicTensor } from '@tensorflow/tfjs-layers';
export type TensorFlow = typeof Tf;
export type Backend = 'tensorflow' | 'wasm' | 'cpu';

let loaded: Promise<{ tf: TensorFlow; backend: Backend }> | undefined;

/**
 * TensorFlow.js on the best backend that loads: the native library if `@tensorflow/tfjs-node` is installed, else
 * WebAssembly (one thread), else plain JavaScript.
 * @param prefer a backend by name, for tests and comparisons; refused where it does not load
 */
export function tensorflow(prefer?: Backend): Promise<{ tf: TensorFlow; backend: Backend }> {
  // A failure is not kept: another backend may still load.
  loaded ??= load(prefer).catch((error: unknown) => {
    loaded = undefined;
    throw error;
  });
  return prefer
    ? loaded.then(async ({ tf }) => {
        if (tf.getBackend() !== prefer && !(await use(tf, prefer))) {
          throw new ForesellError('backend-missing', `TensorFlow.js backend "${prefer}" does not load here`, {
            blame: 'failure',
          });
        }
        return { tf, backend: prefer };
      })
    : loaded;
}

async function load(prefer: Backend | undefined): Promise<{ tf: TensorFlow; backend: Backend }> {
  const tf: TensorFlow = await import('@tensorflow/tfjs-core');
  for (const backend of prefer ? [prefer] : (['tensorflow', 'wasm', 'cpu'] as const)) {
    if (await use(tf, backend)) return { tf, backend };
  }
  throw new ForesellError('backend-missing', `no TensorFlow.js backend loads here (wanted ${prefer ?? 'any'})`, {
    blame: 'failure',
  });
}

async function use(tf: TensorFlow, backend: Backend): Promise<boolean> {
  const require = createRequire(import.meta.url);
  try {
    if (backend === 'tensorflow') {
      const name = '@tensorflow/tfjs-node'; // a variable, so that type checking does not ask for the optional package
      require.resolve(name); // absent: says so in Node's own words, whatever loader runs us
      await import(name);
    } else if (backend === 'wasm') {
      const wasm = await import('@tensorflow/tfjs-backend-wasm');
      const folder = dirname(require.resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm'));
      wasm.setWasmPaths(folder + sep);
      wasm.setThreadsCount(1);
    } else {
      await import('@tensorflow/tfjs-backend-cpu');
    }
    return await tf.setBackend(backend);
  } catch (error) {
    // Absent optional packages are the normal case; anything else would hide a broken installation.
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') return false;
    throw error;
  }
}

/** tfjs-layers, for exporting and opening stock models. */
export async function layers() {
  await tensorflow();
  return import('@tensorflow/tfjs-layers');
}
