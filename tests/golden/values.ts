import { readFileSync } from 'node:fs';

/** The reference numbers beside this file, made by values.py with scikit-learn, SciPy and R. */
const golden = JSON.parse(readFileSync(new URL('./values.json', import.meta.url), 'utf8')) as Record<string, unknown>;

/** One block; the caller states the shape it relies on. */
export function block<T>(name: string): T {
  const names = Object.keys(golden);
  if (!names.includes(name)) throw new Error(`values.json has no block "${name}"; it has ${names.join(', ')}`);
  return golden[name] as T;
}
