/** Names of the kernels in models/kernel. */
export const kernels: readonly string[];
/** Where a compiled kernel is committed. */
export function target(kernel: string): string;
/** What that file holds once the kernel's source is compiled. */
export function compiled(kernel: string): Promise<string>;
