/** Where the compiled kernel is committed. */
export const target: string;
/** What that file holds once fused.as is compiled. */
export function compiled(): Promise<string>;
