/** Longest path of a Unix socket: 108 bytes with the NUL on Linux (unix(7)). */
export const LONGEST_PATH_BYTES = 107;

/** Length of a path as the system counts it. */
export function pathBytes(path: string): number {
  return Buffer.byteLength(path, 'utf8');
}
