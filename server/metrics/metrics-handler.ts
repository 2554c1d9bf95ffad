import type { RequestHandler } from 'express';
import ipaddr from 'ipaddr.js';

import { isInRange, networkRange } from '../runtime/network-range.ts';
import type { NetworkRange } from '../runtime/network-range.ts';
import type { Metrics } from './metrics.ts';

/** Fields that proxies add. Behind one, the address of the socket is not that of who reads. */
const PROXY_FIELDS = ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip'];

/**
 * `GET /metrics` for those within `allowFrom` (addresses and networks, checked by `parseConfig`) by the address of the
 * socket; to others, and through proxies, there is no such page: 404.
 */
export function metricsHandler(
  metrics: Pick<Metrics, 'page'>,
  allowFrom: readonly string[],
): RequestHandler {
  const networks = allowFrom.map(networkRange);
  return async (request, response) => {
    const isProxied = PROXY_FIELDS.some((field) => request.headers[field] !== undefined);
    if (isProxied || !isWithin(request.socket.remoteAddress ?? '', networks)) {
      response.status(404).type('text/plain').send('Not Found\n');
      return;
    }
    const { contentType, text } = await metrics.page();
    response.set('Cache-Control', 'no-store').type(contentType).send(text);
  };
}

/** An IPv4 address that is written as IPv6 counts as IPv4. */
function isWithin(address: string, networks: readonly NetworkRange[]): boolean {
  const literal = address.split('%', 1)[0] ?? '';
  if (!ipaddr.isValid(literal)) return false;
  const parsed = ipaddr.process(literal);
  return networks.some((network) => isInRange(network, parsed));
}
