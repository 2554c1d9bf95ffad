import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';

import type { Clock } from '../runtime/clock.ts';
import { hostPortOf } from '../runtime/host-port.ts';
import type { Logger } from '../runtime/logger.ts';
import { octetsToString } from '../sip/octet-string.ts';
import type { SipFlow } from '../sip/user-agent.ts';
import { encodeHep } from './hep-packet.ts';
import type { MessageSink, SeenMessage } from './sip-trace.ts';
import { maskSecrets } from './trace-secrets.ts';

/** What copies to a collector need. */
export interface HepOptions {
  /** host or host:port, `sip.hep.server`; port 9060 when there is none. */
  readonly server: string;
  readonly captureId: number;
  readonly password: string | null;
  /** Our own address of a flow, as the collector shall show it. */
  readonly localHostFor: (flow: SipFlow) => string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Address of a host name; for tests. As the machine resolves names unless told. */
  readonly resolve?: (host: string) => Promise<string>;
}

/** Sends copies of messages to a HEPv3 collector by UDP; drops them while it cannot. Secrets are masked before. */
export interface HepSender extends MessageSink {
  /** Copies sent, and those dropped. */
  readonly figures: { readonly sent: number; readonly dropped: number };
  close(): Promise<void>;
}

const DEFAULT_PORT = 9060;
/** Copies that wait in the socket; more are dropped. */
const MOST_WAITING = 500;
/** How often the name is looked up again, and how soon after a failure. */
const LOOKUP_MS = 300_000;
const RETRY_MS = 15_000;
/** A collector that is away is told of at most so often. */
const COMPLAINT_MS = 60_000;

interface Target {
  readonly socket: Socket;
  readonly address: string;
  state: 'connecting' | 'connected';
}

/** Opens the socket of copies. Never throws: what is wrong is logged, and tried again. */
export function openHepSender(options: HepOptions): HepSender {
  return new Sender(options);
}

class Sender implements HepSender {
  readonly #options: HepOptions;
  readonly #host: string;
  readonly #port: number;
  #target: Target | null = null;
  #state: 'open' | 'closed' = 'open';
  #cancelLookup: () => void = () => undefined;
  #complainAfterMs = Number.NEGATIVE_INFINITY;
  #sent = 0;
  #dropped = 0;

  constructor(options: HepOptions) {
    this.#options = options;
    const { host, port } = hostPortOf(options.server);
    this.#host = host;
    this.#port = port ?? DEFAULT_PORT;
    void this.#lookUp();
  }

  get figures(): HepSender['figures'] {
    return { sent: this.#sent, dropped: this.#dropped };
  }

  seen(message: SeenMessage): void {
    const target = this.#target;
    if (target?.state !== 'connected' || target.socket.getSendQueueCount() >= MOST_WAITING) {
      this.#dropped += 1;
      return;
    }
    target.socket.send(this.#packetOf(message), (error) => {
      if (error === null) this.#sent += 1;
      else this.#failed(error);
    });
  }

  async close(): Promise<void> {
    this.#state = 'closed';
    this.#cancelLookup();
    this.#pointAt(null);
  }

  #packetOf({ direction, flow, remoteHost, remotePort, bytes, atMs }: SeenMessage): Uint8Array {
    const { captureId, password } = this.#options;
    const theirs = { host: remoteHost, port: remotePort };
    const ours = { host: this.#localHostFor(flow), port: flow.localPort };
    const [source, destination] = direction === 'in' ? [theirs, ours] : [ours, theirs];
    const payload = Buffer.from(maskSecrets(octetsToString(bytes, 0, bytes.length)), 'latin1');
    return encodeHep({
      transport: flow.transport === 'udp' ? 'udp' : 'tcp',
      sourceHost: source.host,
      sourcePort: source.port,
      destinationHost: destination.host,
      destinationPort: destination.port,
      ...{ atMs, captureId, password, payload },
    });
  }

  #localHostFor(flow: SipFlow): string {
    return isIP(flow.remoteHost) === 0 ? '0.0.0.0' : this.#options.localHostFor(flow);
  }

  async #lookUp(): Promise<void> {
    const { clock, resolve = resolveBySystem } = this.#options;
    let waitMs = LOOKUP_MS;
    try {
      const address = isIP(this.#host) === 0 ? await resolve(this.#host) : this.#host;
      if (this.#state === 'open' && address !== this.#target?.address) this.#pointAt(address);
    } catch (error) {
      waitMs = RETRY_MS;
      this.#complain(error);
    }
    if (this.#state === 'closed') return;
    this.#cancelLookup = clock.schedule(clock.monotonicMs() + waitMs, () => void this.#lookUp());
  }

  /** A connected socket asks for no name, and learns when nobody listens there. */
  #pointAt(address: string | null): void {
    this.#target?.socket.close();
    this.#target = null;
    if (address === null) return;
    const socket = createSocket(isIP(address) === 6 ? 'udp6' : 'udp4');
    const target: Target = { socket, address, state: 'connecting' };
    this.#target = target;
    socket.on('error', (error) => {
      this.#complain(error);
      if (this.#target !== target || target.state === 'connected') return;
      // Tried anew with the next look-up.
      this.#pointAt(null);
    });
    socket.connect(this.#port, address, () => {
      target.state = 'connected';
    });
  }

  #failed(error: Error): void {
    this.#dropped += 1;
    this.#complain(error);
  }

  #complain(error: unknown): void {
    const nowMs = this.#options.clock.monotonicMs();
    if (this.#state === 'closed' || nowMs < this.#complainAfterMs) return;
    this.#complainAfterMs = nowMs + COMPLAINT_MS;
    const reason = error instanceof Error ? error.message : String(error);
    const { sent, dropped } = this.figures;
    this.#options.log.warn('copies of SIP messages do not reach sip.hep.server', {
      ...{ server: this.#options.server, reason, sent, dropped },
    });
  }
}

async function resolveBySystem(host: string): Promise<string> {
  return (await lookup(host)).address;
}
