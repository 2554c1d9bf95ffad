import { NetworkList } from '../runtime/network-list.ts';

/** What proxies in front change of a request, told as the browser sees it. */
export interface ConnectionFacts {
  readonly remoteAddress: string;
  /** Of the last hop: what X-Forwarded-For does not tell. */
  readonly remotePort: number;
  readonly scheme: 'http' | 'https';
}

/** What is looked at of a request. */
export interface ProxiedRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly socket: {
    readonly remoteAddress?: string | undefined;
    readonly remotePort?: number | undefined;
  };
}

/** Believes those proxies that it was told to, as the framework does for ordinary requests. */
export interface TrustedProxies {
  factsOf(request: ProxiedRequest): ConnectionFacts;
}

/** `networks`: addresses and networks of the proxies, `http.trustProxy`. */
export function createTrustedProxies(networks: readonly string[]): TrustedProxies {
  const trusted = new NetworkList(networks);

  return {
    factsOf({ headers, socket }) {
      const peer = socket.remoteAddress ?? '';
      const isEncrypted = 'encrypted' in socket && socket.encrypted === true;
      const hops = [peer, ...listOf(headers['x-forwarded-for']).toReversed()];
      // The first that is no proxy of ours, seen from here; whatever is before it may be invented.
      const stranger = hops.findIndex((hop) => !trusted.includes(hop));
      const remoteAddress = hops[stranger === -1 ? hops.length - 1 : stranger] ?? peer;
      const told = listOf(headers['x-forwarded-proto'])[0];
      const scheme =
        told !== undefined && trusted.includes(peer) ? told : isEncrypted ? 'https' : 'http';
      return {
        remoteAddress,
        remotePort: socket.remotePort ?? 0,
        scheme: scheme === 'https' ? 'https' : 'http',
      };
    },
  };
}

function listOf(header: string | string[] | undefined): readonly string[] {
  return String(header ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
