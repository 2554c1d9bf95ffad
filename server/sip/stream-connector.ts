import type { Clock } from '../runtime/clock.ts';
import type { ConnectionTable } from './connection-table.ts';
import { isOutbound, outboundFlow } from './outbound-flow.ts';
import { QuietLines } from './quiet-lines.ts';
import type { SocketCounts } from './socket-counts.ts';
import type { SocketLimits, SocketLogEntry } from './sip-sockets-options.ts';
import { MAX_UNSENT_BYTES, runStreamConnection } from './stream-connection.ts';
import type { StreamConnection } from './stream-connection.ts';
import { dialTcp, dialTls } from './stream-dial.ts';
import type { DialAddress, DialFault, Dialled } from './stream-dial.ts';
import type { TlsCredentials } from './tls-credentials.ts';
import { connectionFailure } from './tls-failure.ts';
import type { OutboundTls, SipAction, SipFlow, SipInput } from './user-agent.ts';

/** Longest that closing waits for peers to take what was sent to them. */
const CLOSE_TIMEOUT_MS = 500;
/** Most flows that are gone and for which one connection stands in. */
const MAX_STANDING_IN = 1000;
const SHUNNED = 'it closed the connection after the handshake: it may not accept our certificate';

/** What making connections needs to know. */
export interface StreamConnectorOptions {
  readonly credentials: TlsCredentials;
  /** How a TLS peer at an address is to be known when the flow does not say. */
  readonly tlsFor: (host: string) => OutboundTls | null;
  /** The local address and port that go with a transport and a peer's address; null: whatever the system takes. */
  readonly local: (
    transport: 'tcp' | 'tls',
    host: string,
  ) => { readonly host: string | null; readonly port: number };
  readonly limits: SocketLimits;
  readonly keepAliveMs: number;
  readonly connectTimeoutMs: number;
  readonly clock: Clock;
  readonly connections: ConnectionTable;
  readonly counts: SocketCounts;
  readonly receive: (input: SipInput) => void;
  readonly log: (entry: SocketLogEntry) => void;
}

type SendAction = Extract<SipAction, { type: 'send' }>;

/** A connection of ours: being made, with what waits for it, or standing. */
interface Made {
  /** As `outboundFlow` makes it: the connection carries it. */
  readonly flow: SipFlow;
  readonly dialled: Dialled;
  /** Flows that were sent over it since they are gone, or lead to an address that is not their own. */
  readonly standsFor: Map<string, SipFlow>;
  /** Sent when it stands. */
  readonly waiting: { readonly flow: SipFlow; readonly bytes: Uint8Array }[];
  connection: StreamConnection | null;
  disarm: () => void;
  /** Why it fails, once that is known. */
  fault: DialFault | null;
  /** Whether we close it ourselves. */
  closing: 'no' | 'yes';
}

/**
 * The TCP and TLS connections that we make: one for each transport, address, trunk and name of the peer, used again for
 * everything that goes there.
 */
export class StreamConnector {
  readonly #options: StreamConnectorOptions;
  readonly #made = new Map<string, Made>();
  readonly #awake = new Set<string>();
  readonly #quiet = new QuietLines();
  #state: 'open' | 'closing' = 'open';
  #emptied: () => void = () => {};

  constructor(options: StreamConnectorOptions) {
    this.#options = options;
  }

  /** Connections that stand or are being made. */
  get size(): number {
    return this.#made.size;
  }

  /**
   * Sends over the connection to the address, and makes it first when there is none. `flow-closed` comes for the flow of
   * the action when it cannot be made, or breaks.
   */
  send(action: SendAction): void {
    const target = this.#target(action);
    const made = this.#made.get(target.flowId) ?? this.#connect(target);
    if (made === null) {
      this.#options.receive({ type: 'flow-closed', flow: action.flow });
      return;
    }
    if (action.flow.flowId !== target.flowId) standIn(made, action.flow);
    if (made.connection !== null) {
      made.connection.send(action.bytes);
      return;
    }
    const waitingBytes = made.waiting.reduce((sum, { bytes }) => sum + bytes.length, 0);
    if (waitingBytes + action.bytes.length > MAX_UNSENT_BYTES) made.dialled.socket.destroy();
    else made.waiting.push({ flow: action.flow, bytes: action.bytes });
  }

  closeFlow(flow: SipFlow): void {
    const made = this.#made.get(flow.flowId);
    if (made === undefined) return;
    made.closing = 'yes';
    if (made.connection === null) made.dialled.socket.destroy();
    else made.connection.close();
  }

  /** Whether the connection that carries a flow of ours, now or later, may be closed for being unused. */
  stay(flow: SipFlow, how: 'while-used' | 'awake'): void {
    if (how === 'awake') this.#awake.add(flow.flowId);
    else this.#awake.delete(flow.flowId);
    this.#made.get(flow.flowId)?.connection?.stay(how);
  }

  async close(): Promise<void> {
    this.#state = 'closing';
    if (this.#made.size === 0) return;
    for (const { connection, dialled } of this.#made.values()) {
      if (connection === null) dialled.socket.destroy();
      else connection.close();
    }
    const { clock } = this.#options;
    const disarm = clock.schedule(clock.monotonicMs() + CLOSE_TIMEOUT_MS, () => {
      for (const { dialled } of this.#made.values()) dialled.socket.destroy();
    });
    await new Promise<void>((resolve) => {
      this.#emptied = resolve;
    });
    disarm();
  }

  /** Where an action leads: its flow, when that is one of ours to the same address, else a flow to the address. */
  #target({ flow, host, port }: SendAction): SipFlow {
    const isComplete = isOutbound(flow) && (flow.transport !== 'tls' || flow.tls !== undefined);
    if (isComplete && flow.remoteHost === host && flow.remotePort === port) return flow;
    const transport = flow.transport === 'tls' ? 'tls' : 'tcp';
    const localPort = this.#options.local(transport, host).port;
    const tls = transport === 'tls' ? (flow.tls ?? this.#options.tlsFor(host)) : null;
    return outboundFlow({ transport, host, port, localPort, ...(tls === null ? {} : { tls }) });
  }

  #connect(flow: SipFlow): Made | null {
    const { limits, counts, clock, connectTimeoutMs } = this.#options;
    if (this.#state === 'closing') return null;
    if (this.#made.size >= limits.connections) {
      counts.refused += 1;
      this.#warn(flow, 'too many connections of ours');
      return null;
    }
    const dialled = this.#dial(flow);
    if (dialled === null) return null;
    const { socket } = dialled;
    const made: Made = {
      ...{ flow, dialled, standsFor: new Map<string, SipFlow>(), waiting: [] },
      ...{ connection: null, disarm: () => {}, fault: null, closing: 'no' },
    };
    this.#made.set(flow.flowId, made);
    made.disarm = clock.schedule(clock.monotonicMs() + connectTimeoutMs, () => {
      made.fault = { why: connectionFailure('ETIMEDOUT', 'client'), where: 'network' };
      socket.destroy();
    });
    socket.on('error', (error) => {
      made.fault ??= dialled.faultOf(error);
    });
    const gone = (): void => this.#notMade(made);
    socket.once('close', gone);
    socket.once(dialled.stands, () => {
      socket.off('close', gone);
      made.disarm();
      this.#stands(made);
    });
    return made;
  }

  #dial(flow: SipFlow): Dialled | null {
    const { transport, remoteHost: host, remotePort: port, tls } = flow;
    const source = this.#options.local(transport === 'tls' ? 'tls' : 'tcp', host).host;
    const address: DialAddress = {
      ...{ host, port },
      ...(source === null ? {} : { localAddress: source }),
    };
    if (transport !== 'tls') return dialTcp(address);
    const clientTls = this.#options.credentials.clientTls(tls?.trunk ?? null);
    if (clientTls !== null) {
      return dialTls(address, { serverName: tls?.serverName ?? host, ...clientTls });
    }
    this.#options.counts.connectsFailed += 1;
    this.#warn(flow, 'the certificate files of the trunk cannot be used');
    return null;
  }

  #stands(made: Made): void {
    const { receive, log, clock, limits, connections, keepAliveMs, counts } = this.#options;
    const { flow } = made;
    const { socket } = made.dialled;
    const connection = runStreamConnection({
      ...{ socket, flow, clock, receive, log },
      messageBytes: limits.messageBytes,
      pingIntervalMs: keepAliveMs,
      origin: 'made',
      unanswered: () => {
        counts.pingsUnanswered += 1;
      },
      closed: () => {
        connections.remove(connection);
        this.#broke(made);
      },
    });
    connections.add(connection, 'made');
    if (this.#awake.has(flow.flowId)) connection.stay('awake');
    made.connection = connection;
    for (const { bytes } of made.waiting.splice(0)) connection.send(bytes);
  }

  /** A connection that stood is gone. A server of TLS 1.3 refuses our certificate only after the handshake. */
  #broke(made: Made): void {
    if (made.fault?.where === 'tls') this.#handshakeFailed(made.flow, made.fault.why);
    else if (isShunned(made) && this.#state === 'open') this.#handshakeFailed(made.flow, SHUNNED);
    this.#forget(made);
    for (const flow of made.standsFor.values()) this.#lost(flow);
  }

  #notMade(made: Made): void {
    const { counts } = this.#options;
    made.disarm();
    counts.connectsFailed += 1;
    const { why, where } = made.fault ?? made.dialled.faultOf(null);
    if (where === 'tls') this.#handshakeFailed(made.flow, why);
    else this.#warn(made.flow, why);
    this.#forget(made);
    const lost = new Map([[made.flow.flowId, made.flow], ...made.standsFor]);
    for (const { flow, bytes } of made.waiting) {
      // Behind a translator the peer can be reached only over the connection that it has made anew itself.
      const isOwnAddress = flow.remoteHost === made.flow.remoteHost && !isOutbound(flow);
      const successor = isOwnAddress ? this.#options.connections.successorOf(flow) : undefined;
      if (successor === undefined) continue;
      successor.send(bytes);
      lost.delete(flow.flowId);
    }
    for (const flow of lost.values()) this.#lost(flow);
  }

  #handshakeFailed(flow: SipFlow, why: string): void {
    this.#options.counts.handshakesFailed += 1;
    this.#warn(flow, why);
  }

  #forget(made: Made): void {
    if (this.#made.get(made.flow.flowId) === made) this.#made.delete(made.flow.flowId);
    if (this.#made.size === 0) this.#emptied();
  }

  #lost(flow: SipFlow): void {
    this.#options.receive({ type: 'flow-closed', flow });
  }

  #warn(flow: SipFlow, why: string): void {
    const { transport, remoteHost, remotePort, tls } = flow;
    const { clock, log } = this.#options;
    const unlogged = this.#quiet.take(`${flow.flowId} ${why}`, clock.monotonicMs());
    if (unlogged === null) return;
    const trunk = tls === undefined ? {} : { trunk: tls.trunk, serverName: tls.serverName };
    const facts = { transport, remoteHost, remotePort, ...trunk, why, unlogged };
    log({ type: 'log', level: 'warn', message: 'sip connection not made', facts });
  }
}

/** Some servers of TLS 1.3 close without a word when they do not like our certificate. */
function isShunned({ flow, connection, closing }: Made): boolean {
  return flow.transport === 'tls' && connection?.heard === 'nothing' && closing === 'no';
}

function standIn(made: Made, flow: SipFlow): void {
  made.standsFor.set(flow.flowId, flow);
  if (made.standsFor.size <= MAX_STANDING_IN) return;
  const [oldest] = made.standsFor.keys();
  if (oldest !== undefined) made.standsFor.delete(oldest);
}
