import { networkOf } from '../runtime/network-address.ts';
import type { StreamConnection } from './stream-connection.ts';
import type { SipFlow } from './user-agent.ts';

/** Between the name of a listener and the number of one of its connections. */
const MARK = '#';

/** The TCP and TLS connections that stand, by the flows they carry. Those that peers have made are counted by address. */
export class ConnectionTable {
  readonly #byFlowId = new Map<string, StreamConnection>();
  /** Accepted connections by listener and address. */
  readonly #byPeer = new Map<string, Set<StreamConnection>>();
  #accepted = 0;

  /** Accepted connections that stand. */
  get accepted(): number {
    return this.#accepted;
  }

  /** All connections that stand. */
  get all(): Iterable<StreamConnection> {
    return this.#byFlowId.values();
  }

  /** The connection that carries a flow. */
  get(flow: SipFlow): StreamConnection | undefined {
    return this.#byFlowId.get(flow.flowId);
  }

  /** Notes a connection that stands. */
  add(connection: StreamConnection, origin: 'accepted' | 'made'): void {
    const { flow } = connection;
    this.#byFlowId.set(flow.flowId, connection);
    if (origin === 'made') return;
    this.#accepted += 1;
    const key = peerKey(flow);
    const others = this.#byPeer.get(key) ?? new Set();
    this.#byPeer.set(key, others.add(connection));
  }

  /** Forgets a connection. */
  remove({ flow }: StreamConnection): void {
    const connection = this.#byFlowId.get(flow.flowId);
    if (connection === undefined) return;
    this.#byFlowId.delete(flow.flowId);
    const key = peerKey(flow);
    const others = this.#byPeer.get(key);
    if (others?.delete(connection) !== true) return;
    this.#accepted -= 1;
    if (others.size === 0) this.#byPeer.delete(key);
  }

  /**
   * The one connection that the peer of a flow, which is gone, has made to the same listener meanwhile, from the very
   * same address. None when it has several: they may be of different devices behind one translator.
   */
  successorOf(flow: SipFlow): StreamConnection | undefined {
    const others = this.#byPeer.get(peerKey(flow));
    if (others?.size !== 1) return undefined;
    const [only] = others;
    return only;
  }
}

/** Counts sockets of one IPv4 address, or one IPv6 network of 64 bits. */
export class AddressCount {
  readonly #byNetwork = new Map<string, number>();

  /** How many there are. */
  of(host: string): number {
    return this.#byNetwork.get(networkOf(host)) ?? 0;
  }

  /** One more. Returns what makes it one less again, to be called once. */
  add(host: string): () => void {
    const key = networkOf(host);
    this.#byNetwork.set(key, (this.#byNetwork.get(key) ?? 0) + 1);
    return () => {
      const left = (this.#byNetwork.get(key) ?? 1) - 1;
      if (left === 0) this.#byNetwork.delete(key);
      else this.#byNetwork.set(key, left);
    };
  }
}

/** The name of the flow of an accepted connection. */
export function acceptedFlowId(listener: string, number: number): string {
  return `${listener}${MARK}${number}`;
}

/** Listener and address. The flows that we begin bear no mark, and so are nobody's successors. */
function peerKey({ flowId, remoteHost }: SipFlow): string {
  return `${flowId.slice(0, flowId.indexOf(MARK) + 1)} ${remoteHost}`;
}
