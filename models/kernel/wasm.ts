/** The little of WebAssembly that is used; its types come with those of browsers. */
interface Wasm {
  validate(bytes: Uint8Array): boolean;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (pages: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}
const wasm = (globalThis as { readonly WebAssembly?: Wasm }).WebAssembly;

const PAGE = 65_536;
/** A memory may be so large: 4 GiB less a page, so that every address is a number of 32 bits. */
const MOST = 65_535;

/** A kernel over a memory of its own. */
export interface KernelOver<K> {
  readonly run: K;
  readonly buffer: ArrayBuffer;
}

const modules = new Map<string, object | null>();

/**
 * Instances of compiled kernels (`npm run kernel`) over one new memory of at least so many bytes, as if they were one; undefined
 * where there is no WebAssembly SIMD, or so much cannot be had. A kernel is compiled once a process.
 * @param base64 the modules
 */
export function kernelOver<K>(base64: string | readonly string[], bytes: number): KernelOver<K> | undefined {
  const compiled = [base64].flat().map(moduleOf);
  const pages = Math.ceil(bytes / PAGE);
  if (compiled.includes(null) || pages > MOST) return undefined;
  try {
    const memory = new wasm!.Memory({ initial: pages });
    const exports = compiled.map((module) => new wasm!.Instance(module!, { env: { memory } }).exports as object);
    return { run: (exports.length === 1 ? exports[0] : Object.assign({}, ...exports)) as K, buffer: memory.buffer };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function moduleOf(base64: string): object | null {
  let module = modules.get(base64);
  if (module === undefined) {
    const binary = Buffer.from(base64, 'base64');
    module = wasm?.validate(binary) ? new wasm.Module(binary) : null;
    modules.set(base64, module);
  }
  return module;
}
