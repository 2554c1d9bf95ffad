import type { Config } from '../config/config.ts';
import { localAddressFor } from '../runtime/local-address.ts';
import { reachingListener } from '../runtime/reaching-listener.ts';

/** The local literal address that a peer reaches us by, who came or would come to the listener on this port. */
export function ownHostFor(
  config: Pick<Config, 'sip'>,
  peer: { readonly remoteHost: string; readonly localPort: number },
): string {
  const { listen } = config.sip;
  const onPort = listen.filter(({ port }) => port === peer.localPort);
  const listener = reachingListener(onPort.length > 0 ? onPort : listen, peer.remoteHost);
  return localAddressFor(listener?.host ?? '0.0.0.0', peer.remoteHost);
}
