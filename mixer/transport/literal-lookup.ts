import { isIP } from 'node:net';

/**
 * A resolver for sockets whose addresses are all literal: Node's own would cost a trip through its thread pool for each
 * packet.
 */
export function literalOnly(
  host: string,
  _options: unknown,
  resolved: (error: null, address: string, family: number) => void,
): void {
  resolved(null, host, isIP(host));
}
