import { ForesellError } from '../errors.ts';

/** Loads a package that is not installed everywhere; its absence is said with what to install and what it adds. */
export async function optionalPackage<T>(name: string, adds: string): Promise<T> {
  try {
    return (await import(name)) as T;
  } catch (cause) {
    throw new ForesellError(
      'package-missing',
      `${adds} needs the package ${name}, which does not load here; run: npm install ${name}`,
      { cause },
    );
  }
}
