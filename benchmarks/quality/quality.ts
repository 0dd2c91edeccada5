/** Options of the command line that cases of many parts read. */
export const givenNames = ['set', 'folds', 'repeats', 'keep', 'methods', 'deals', 'companies'] as const;
type GivenName = (typeof givenNames)[number];

/** One named proof of predictive quality. */
export interface QualityCase {
  readonly name: string;
  readonly says: string;
  /** Folder of FORESELL_DATA it reads; absent = it makes its own data. */
  readonly needs?: string;
  run(ask: {
    /** The folder named by `needs`. */
    readonly folder: string | undefined;
    /** A part of the work, for every run of CI. */
    readonly small: boolean;
    readonly seed: number;
    /** What a case of many parts takes besides: `says` of the case tells what it means. */
    readonly given: Readonly<Partial<Record<GivenName, string>>>;
    say(line: string): void;
  }): Promise<QualityResult>;
}

export interface QualityResult {
  readonly figures: Readonly<Record<string, number | string | null>>;
  /** Figures with a bar to clear. */
  readonly accept: readonly Bar[];
  /** What a reader should also see. */
  readonly lines: readonly string[];
  /** The same with every figure, for programs (`--json`). */
  readonly rows?: readonly object[];
}

export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly least?: number;
  readonly most?: number;
}

export const clears = ({ value, least, most }: Bar): boolean =>
  (least === undefined || value >= least) && (most === undefined || value <= most);
