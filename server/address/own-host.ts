import type { Config } from '../config/config.ts';
import type { Clock } from '../runtime/clock.ts';
import { localAddressFor } from '../runtime/local-address.ts';
import { reachingListener } from '../runtime/reaching-listener.ts';

/** Somebody who came, or would come, to the listener on this port. `remoteHost`: a literal address. */
export interface Peer {
  readonly remoteHost: string;
  readonly localPort: number;
}

/** How long an answer holds: interfaces of a machine come and go. */
const REMEMBERED_MS = 10_000;
/** Most answers that are remembered; the table is emptied when it is full. */
const MOST_REMEMBERED = 4096;

/** The local literal address that a peer reaches us by. */
export function ownHostFor(config: Pick<Config, 'sip'>, peer: Peer): string {
  const { listen } = config.sip;
  const onPort = listen.filter(({ port }) => port === peer.localPort);
  const listener = reachingListener(onPort.length > 0 ? onPort : listen, peer.remoteHost);
  return localAddressFor(listener?.host ?? '0.0.0.0', peer.remoteHost);
}

/** The same for every call and message: the machine is asked for its interfaces once in a while only. */
export function rememberedOwnHosts(
  config: Pick<Config, 'sip'>,
  clock: Pick<Clock, 'monotonicMs'>,
): (peer: Peer) => string {
  const known = new Map<string, string>();
  let sinceMs = clock.monotonicMs();
  return (peer) => {
    const nowMs = clock.monotonicMs();
    if (nowMs - sinceMs >= REMEMBERED_MS || known.size >= MOST_REMEMBERED) {
      known.clear();
      sinceMs = nowMs;
    }
    const key = `${peer.localPort} ${peer.remoteHost}`;
    const host = known.get(key) ?? ownHostFor(config, peer);
    known.set(key, host);
    return host;
  };
}
