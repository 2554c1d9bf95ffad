import { plainHost } from '../runtime/literal-address.ts';
import { reachingListener } from '../runtime/reaching-listener.ts';
import { bracketed } from './sip-uri.ts';
import type { OutboundTls, SipFlow } from './user-agent.ts';

/** An address that is really bound. */
export interface BoundAddress {
  readonly transport: 'udp' | 'tcp' | 'tls';
  readonly host: string;
  readonly port: number;
}

/** Where requests of ours shall go. */
export interface OutboundFlowOptions {
  readonly transport: 'udp' | 'tcp' | 'tls';
  /** Literal address. */
  readonly host: string;
  readonly port: number;
  /** What `localPortFor` says: the port for Via and Contact; 0: they bear none. */
  readonly localPort: number;
  /** For TLS: the name that the peer must bear, and whose certificates count. */
  readonly tls?: OutboundTls;
}

/** How flows begin that no peer has begun. */
const OUTBOUND = 'out-';

/**
 * A flow that need not stand yet: the sockets connect when something is first sent to it, whether or not anything listens
 * on its transport, and use the connection again for all that has the same name (transport, address, trunk and name of
 * the peer). Its `flowId` is `out-<transport>-<host>:<port>`, and `-<trunk>@<serverName>` with TLS; one that is made
 * twice is the same. `flow-closed` comes for it when the connection breaks or cannot be made; it may be sent to again
 * after that.
 */
export function outboundFlow(options: OutboundFlowOptions): SipFlow {
  const { transport, port, localPort, tls } = options;
  const remoteHost = plainHost(options.host);
  const peer = tls === undefined ? '' : `-${tls.trunk}@${tls.serverName.toLowerCase()}`;
  return {
    transport,
    flowId: `${OUTBOUND}${transport}-${bracketed(remoteHost)}:${port}${peer}`,
    remoteHost,
    remotePort: port,
    localPort,
    ...(tls === undefined ? {} : { tls }),
  };
}

/** Whether a flow is one of `outboundFlow`. */
export function isOutbound(flow: SipFlow): boolean {
  return flow.flowId.startsWith(OUTBOUND);
}

/**
 * The port of our listener that a peer at `host`, a literal address, reaches us by: one of the transport and of the
 * address's family. 0 when there is none. Via and Contact then name no port, and the peer answers and calls us over the
 * connection that we have made, since there is no other way (RFC 3261 §18.2.2, RFC 5923): it must be kept awake.
 */
export function localPortFor(
  addresses: readonly BoundAddress[],
  transport: SipFlow['transport'],
  host: string,
): number {
  const ofTransport = addresses.filter((address) => address.transport === transport);
  return reachingListener(ofTransport, plainHost(host))?.port ?? 0;
}
