/** Room for all legs of a worker while it is busy elsewhere; the kernel gives what it may. */
export const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

/** For the log: a shared port with a small buffer loses packets whenever the worker is late. Null when it is not. */
export function bufferWarning(grantedBytes: number): string | null {
  if (grantedBytes >= RECEIVE_BUFFER_BYTES) return null;
  return `receive buffer is ${grantedBytes} of ${RECEIVE_BUFFER_BYTES} bytes, raise net.core.rmem_max`;
}
