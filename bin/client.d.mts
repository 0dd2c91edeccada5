/** Where the generated client is committed. */
export const target: string;
/** What that file holds for an OpenAPI document. */
export function clientOf(document: unknown): Promise<string>;
