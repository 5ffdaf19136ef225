export const bundleFolder: string;
export const stampFile: string;
export function sourceStamp(root: string): string;
