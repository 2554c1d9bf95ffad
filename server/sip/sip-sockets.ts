import { CodedError } from '../../mixer/protocol/coded-error.ts';
import { systemClock } from '../runtime/clock.ts';
import { familyOf, literalAddress, plainHost } from '../runtime/literal-address.ts';
import { ConnectionTable } from './connection-table.ts';
import { DEFAULT_MESSAGE_LIMITS } from './message-limits.ts';
import { isOutbound, localPortFor } from './outbound-flow.ts';
import type { BoundAddress } from './outbound-flow.ts';
import { noCounts } from './socket-counts.ts';
import type {
  SipListen,
  SipSockets,
  SipSocketsOptions,
  SocketFigures,
} from './sip-sockets-options.ts';
import { StreamConnector } from './stream-connector.ts';
import { openStreamTransport } from './stream-transport.ts';
import type { StreamTransport } from './stream-transport.ts';
import { TlsCredentials } from './tls-credentials.ts';
import { codeOf } from './tls-failure.ts';
import { UdpSockets } from './udp-sockets.ts';
import { isWebSocket } from './user-agent.ts';
import type { SipAction, SipFlow } from './user-agent.ts';

export type { BoundAddress } from './outbound-flow.ts';
export type { SipListen, SipSockets, SipSocketsOptions } from './sip-sockets-options.ts';

/** What `SipSocketsOptions` says where nothing is told. */
const DEFAULT_LIMITS = {
  connections: 2048,
  connectionsPerAddress: 2048,
  messageBytes: DEFAULT_MESSAGE_LIMITS.messageBytes,
};
const KEEP_ALIVE_MS = 30_000;
const CONNECT_TIMEOUT_MS = 10_000;

type SendAction = Extract<SipAction, { type: 'send' }>;

/**
 * Opens every socket of `listen`.
 * @throws CodedError `SIP_LISTEN`, naming the entry, when one cannot be bound or its files cannot be used; the others are
 * closed again.
 */
export async function openSipSockets(options: SipSocketsOptions): Promise<SipSockets> {
  const { listen, trunkTls = () => [], clock = systemClock, log } = options;
  const credentials = await TlsCredentials.open({ listen, trunkTls, clock, log });
  const sockets = new AllSockets(options, credentials);
  for (const [index, row] of listen.entries()) {
    try {
      await sockets.open(row, index);
    } catch (error) {
      await sockets.close();
      throw listenError(row, index, error);
    }
  }
  return sockets;
}

class AllSockets implements SipSockets {
  readonly addresses: BoundAddress[] = [];
  readonly #options: SipSocketsOptions;
  readonly #shared;
  readonly #credentials: TlsCredentials;
  readonly #connections = new ConnectionTable();
  readonly #counts = noCounts();
  readonly #udp: UdpSockets;
  readonly #listeners: StreamTransport[] = [];
  readonly #connector: StreamConnector;

  constructor(options: SipSocketsOptions, credentials: TlsCredentials) {
    const { receive, log, clock = systemClock, limits = DEFAULT_LIMITS } = options;
    const { keepAliveMs = KEEP_ALIVE_MS } = options;
    this.#options = options;
    this.#credentials = credentials;
    const counts = this.#counts;
    this.#udp = new UdpSockets({ keepAliveMs, clock, counts, receive, log });
    this.#shared = { receive, log, clock, limits, counts, connections: this.#connections };
    this.#connector = new StreamConnector({
      ...this.#shared,
      ...{ credentials, keepAliveMs },
      connectTimeoutMs: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
      tlsFor: options.tlsFor ?? (() => null),
      local: (transport, host) => ({
        host: sourceFor(this.addresses, transport, host),
        port: localPortFor(this.addresses, transport, host),
      }),
    });
  }

  get figures(): SocketFigures {
    const { accepted } = this.#connections;
    return { accepted, made: this.#connector.size, ...this.#counts };
  }

  async open({ transport, host, port }: SipListen, index: number): Promise<void> {
    const name = `${transport}-${index}`;
    if (transport === 'udp') {
      const bound = await this.#udp.open(host, port, name);
      this.addresses.push({ transport, host: bound.host, port: bound.port });
      return;
    }
    const { isTrusted, guard = null } = this.#options;
    const listener = await openStreamTransport({
      ...this.#shared,
      ...{ host, port, index, name, isTrusted, guard },
      credentials: transport === 'tls' ? this.#credentials : null,
    });
    this.#listeners.push(listener);
    this.addresses.push({ transport, host: listener.host, port: listener.port });
  }

  perform(action: Extract<SipAction, { type: 'send' | 'close-flow' }>): void {
    const { webSocket } = this.#options;
    if (isWebSocket(action.flow)) {
      if (action.type === 'send') webSocket?.send(action);
      else webSocket?.closeFlow(action.flow);
    } else if (action.type === 'send') {
      this.#send(addressed(action));
    } else {
      this.#connector.closeFlow(action.flow);
      this.#connections.get(action.flow)?.close();
    }
  }

  keepAwake(flow: SipFlow): void {
    if (flow.transport === 'udp') this.#udp.keepAwake(flow);
    else if (isOutbound(flow)) this.#connector.stay(flow, 'awake');
    else this.#connections.get(flow)?.stay('awake');
  }

  letSleep(flow: SipFlow): void {
    if (flow.transport === 'udp') this.#udp.letSleep(flow);
    else if (isOutbound(flow)) this.#connector.stay(flow, 'while-used');
    else this.#connections.get(flow)?.stay('while-used');
  }

  reloadCertificates(): Promise<void> {
    return this.#credentials.reload();
  }

  async close(): Promise<void> {
    this.#credentials.close();
    await Promise.all([
      this.#udp.close(),
      ...this.#listeners.map((listener) => listener.close()),
      this.#connector.close(),
      this.#options.webSocket?.close(),
    ]);
  }

  #send(action: SendAction): void {
    const { flow, host } = action;
    if (flow.transport === 'udp') {
      this.#udp.send(action);
      return;
    }
    // A connection of ours leads to its own host only; a peer's is where everything for the peer goes.
    const standing = this.#connections.get(flow);
    const leadsThere = !isOutbound(flow) || host === flow.remoteHost;
    if (standing !== undefined && leadsThere) standing.send(action.bytes);
    else this.#connector.send(action);
  }
}

/**
 * An action whose host is as flows bear it. A link-local address says nothing without its scope, which does not stand
 * in SIP messages (RFC 4007 §11.2): it is taken from the flow when that leads to the same address.
 */
function addressed(action: SendAction): SendAction {
  const { host, flow } = action;
  if (host === flow.remoteHost || !host.includes(':')) return action;
  const plain = plainHost(host);
  const isScoped = flow.remoteHost.startsWith(`${plain}%`);
  return { ...action, host: isScoped ? flow.remoteHost : plain };
}

/**
 * The address that connections to a peer come from: that of our listener, which the peer knows, when it is a single one.
 * A listener on this machine's inside binds nobody who calls out.
 */
function sourceFor(
  addresses: readonly BoundAddress[],
  transport: 'tcp' | 'tls',
  host: string,
): string | null {
  const ours = addresses.find(
    (address) => address.transport === transport && familyOf(address.host) === familyOf(host),
  );
  if (ours === undefined) return null;
  const range = literalAddress(ours.host)?.range();
  const isOutside = range !== undefined && range !== 'unspecified' && range !== 'loopback';
  return isOutside ? ours.host : null;
}

function listenError(listen: SipListen, index: number, error: unknown): CodedError {
  if (error instanceof CodedError) return error;
  const { transport, host, port } = listen;
  const systemCode = codeOf(error) ?? '';
  const message = `sip.listen[${index}]: port ${port} on ${host} (${transport}) ${whyNot(systemCode)}`;
  return new CodedError('SIP_LISTEN', message, { transport, host, port, systemCode }, error);
}

function whyNot(systemCode: string): string {
  switch (systemCode) {
    case 'EADDRINUSE':
      return 'is taken';
    case 'EACCES':
      return 'needs more rights than this process has';
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EINVAL':
      return 'cannot be bound: the host is no address of this machine';
    default:
      return `cannot be bound${systemCode === '' ? '' : ` (${systemCode})`}`;
  }
}
