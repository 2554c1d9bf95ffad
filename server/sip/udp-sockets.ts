import type { Clock } from '../runtime/clock.ts';
import { familyOfPlain } from '../runtime/literal-address.ts';
import type { AddressFamily } from '../runtime/literal-address.ts';
import { reachingListener } from '../runtime/reaching-listener.ts';
import { isOutbound } from './outbound-flow.ts';
import { QuietLines } from './quiet-lines.ts';
import type { SocketCounts } from './socket-counts.ts';
import type { SocketLogEntry } from './sip-sockets-options.ts';
import { openUdpTransport } from './udp-transport.ts';
import type { UdpTransport } from './udp-transport.ts';
import type { SipAction, SipFlow, SipInput } from './user-agent.ts';

/** Packets that wait for a socket that is being bound. */
const MAX_WAITING = 100;
const ANY_HOST = { ipv4: '0.0.0.0', ipv6: '::' } as const;

/** What the UDP sockets need to know. */
export interface UdpSocketsOptions {
  readonly keepAliveMs: number;
  readonly clock: Clock;
  readonly counts: SocketCounts;
  readonly receive: (input: SipInput) => void;
  readonly log: (entry: SocketLogEntry) => void;
}

type SendAction = Extract<SipAction, { type: 'send' }>;

/** All UDP sockets: those that listen, and those for requests of ours where nothing listens in the address's family. */
export class UdpSockets {
  readonly #options: UdpSocketsOptions;
  readonly #sockets: UdpTransport[] = [];
  readonly #waiting = new Map<AddressFamily, SendAction[]>();
  readonly #awake = new Map<string, () => void>();
  readonly #quiet = new QuietLines();
  #state: 'open' | 'closed' = 'open';

  constructor(options: UdpSocketsOptions) {
    this.#options = options;
  }

  /**
   * Binds one more.
   * @throws the system's error when it cannot be bound.
   */
  async open(host: string, port: number, flowId: string): Promise<UdpTransport> {
    const { receive, log } = this.#options;
    const socket = await openUdpTransport({
      ...{ host, port, flowId, receive, log },
      unsent: (remoteHost, code) => this.#unsent(remoteHost, code),
    });
    this.#sockets.push(socket);
    return socket;
  }

  /** By the socket that the flow names, else by one of the address's family. */
  send(action: SendAction): void {
    if (this.#state === 'closed') return;
    const family = familyOfPlain(action.host);
    const socket = this.#find(action.flow, action.host);
    // Peers may write the port 0, which no packet can go to.
    if (action.port === 0) this.#fail(action, 'no port');
    else if (socket !== undefined) socket.send(action);
    else if (isOutbound(action.flow)) this.#sendLater(action, family);
    else this.#fail(action, 'no socket of the family');
  }

  /** Pings the other end of a flow from now on. */
  keepAwake(flow: SipFlow): void {
    const { clock, keepAliveMs } = this.#options;
    const key = awakeKey(flow);
    if (
      keepAliveMs === 0 ||
      flow.remotePort === 0 ||
      this.#awake.has(key) ||
      this.#state === 'closed'
    )
      return;
    const later = (): void => {
      const atMs = clock.monotonicMs() + keepAliveMs;
      this.#awake.set(key, clock.schedule(atMs, ping));
    };
    const ping = (): void => {
      const { remoteHost, remotePort } = flow;
      this.#find(flow, remoteHost)?.ping(remoteHost, remotePort);
      later();
    };
    later();
  }

  /** Pings it no more. */
  letSleep(flow: SipFlow): void {
    const key = awakeKey(flow);
    this.#awake.get(key)?.();
    this.#awake.delete(key);
  }

  async close(): Promise<void> {
    this.#state = 'closed';
    for (const disarm of this.#awake.values()) disarm();
    this.#awake.clear();
    await Promise.all(this.#sockets.map((socket) => socket.close()));
  }

  #find(flow: SipFlow, host: string): UdpTransport | undefined {
    const named = this.#sockets.find((socket) => socket.flowId === flow.flowId);
    if (named !== undefined && named.family === familyOfPlain(host)) return named;
    return reachingListener(this.#sockets, host);
  }

  /** Nothing listens in this family: a port is taken, and the packets wait for it. */
  #sendLater(action: SendAction, family: AddressFamily): void {
    const waiting = this.#waiting.get(family);
    if (waiting !== undefined) {
      if (waiting.length < MAX_WAITING) waiting.push(action);
      return;
    }
    const first = [action];
    this.#waiting.set(family, first);
    const opened = this.open(ANY_HOST[family], 0, `udp-own-${family}`);
    void opened.then(
      (socket) => {
        this.#waiting.delete(family);
        if (this.#state === 'closed') void socket.close();
        else for (const each of first) socket.send(each);
      },
      () => {
        this.#waiting.delete(family);
        for (const each of first) this.#fail(each, 'no socket of the family');
      },
    );
  }

  #fail({ flow, host, port, bytes }: SendAction, code: string): void {
    this.#unsent(host, code);
    this.#options.receive({ type: 'send-failed', flow, host, port, bytes });
  }

  #unsent(remoteHost: string, why: string): void {
    const { counts, clock, log } = this.#options;
    counts.sendsFailed += 1;
    const unlogged = this.#quiet.take(`${remoteHost} ${why}`, clock.monotonicMs());
    if (unlogged === null) return;
    const facts = { remoteHost, why, unlogged };
    log({ type: 'log', level: 'warn', message: 'udp packet not sent', facts });
  }
}

function awakeKey({ flowId, remoteHost, remotePort }: SipFlow): string {
  return `${flowId} ${remoteHost} ${remotePort}`;
}
