import type { RequestHandler } from 'express';

import { NetworkList } from '../runtime/network-list.ts';
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
  const allowed = new NetworkList(allowFrom);
  return async (request, response) => {
    const isProxied = PROXY_FIELDS.some((field) => request.headers[field] !== undefined);
    if (isProxied || !allowed.includes(request.socket.remoteAddress ?? '')) {
      response.status(404).type('text/plain').send('Not Found\n');
      return;
    }
    const { contentType, text } = await metrics.page();
    response.set('Cache-Control', 'no-store').type(contentType).send(text);
  };
}
