/**
 * An error that a person can act on: what was got, what was expected, what to do next, and a stable code
 * that programs may branch on. Everything this project throws on purpose is one of these; anything else is a defect.
 */
export class ForesellError extends Error {
  readonly code: string;
  /** Whose mistake it was: `request` (exit 2, HTTP 4xx) or `failure` (exit 1, HTTP 5xx). */
  readonly blame: 'request' | 'failure';
  /** HTTP status that says the same; 400 for requests, 500 for failures unless given. */
  readonly status: number;
  /** Path of the offending field, e.g. `records[3].deal.createdAt`, where there is one. */
  readonly path: string | undefined;

  constructor(
    code: string,
    message: string,
    options: { blame?: 'request' | 'failure'; status?: number; path?: string; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ForesellError';
    this.code = code;
    this.blame = options.blame ?? 'request';
    this.status = options.status ?? (this.blame === 'request' ? 400 : 500);
    this.path = options.path;
  }
}
