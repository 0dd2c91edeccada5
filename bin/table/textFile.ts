import { delimiterOf } from '../../src/connectors/csv.ts';
import type { BatchOptions } from '../../src/connectors/tableBatches.ts';

/** How a text file is to be read, where it is not as most are. */
export interface TextFile {
  readonly delimiter?: string | undefined;
  readonly encoding?: string | undefined;
  readonly header: boolean;
}

/** The same as the reader takes it. @throws ForesellError for a mark that parts no cells */
export const readingOf = ({ delimiter, encoding, header }: TextFile): BatchOptions => ({
  ...(delimiter === undefined ? {} : { delimiter: delimiterOf(delimiter) }),
  ...(encoding === undefined ? {} : { encoding }),
  noHeader: !header,
});
