import { ForesellError } from '../errors.ts';

/** Refuses columns of different lengths: a silent mismatch would score the wrong rows. */
export function sameLength(what: string, first: ArrayLike<unknown>, ...others: readonly ArrayLike<unknown>[]): void {
  for (const other of others) {
    if (other.length !== first.length) {
      throw new ForesellError(
        'lengths-differ',
        `${what}: got columns of ${first.length} and ${other.length} rows; expected one value a row in each`,
        { blame: 'failure' },
      );
    }
  }
}
