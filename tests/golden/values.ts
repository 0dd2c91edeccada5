import { readFileSync } from 'node:fs';

/** The reference numbers beside this file, made by values.py with scikit-learn, SciPy and R. */
const golden = JSON.parse(readFileSync(new URL('./values.json', import.meta.url), 'utf8')) as Record<string, unknown>;

/** One block; the caller states the shape it relies on. */
export function block<T>(name: string): T {
  if (!(name in golden)) throw new Error(`values.json has no block "${name}"; it has ${Object.keys(golden).join(', ')}`);
  return golden[name] as T;
}
