import type { Config, TrunkSettings } from './config/config.ts';
import type { SipTap } from './compose-watching.ts';
import type { Clock } from './runtime/clock.ts';
import { drive } from './runtime/drive.ts';
import type { Drive } from './runtime/drive.ts';
import { hostPortOf } from './runtime/host-port.ts';
import type { Logger } from './runtime/logger.ts';
import type { Random } from './runtime/random.ts';
import { createSipEndpoint } from './sip/endpoint.ts';
import type { SipEndpoint } from './sip/endpoint.ts';
import { createSourceGuard } from './sip/guard/create-source-guard.ts';
import type { GuardSettings } from './sip/guard/create-source-guard.ts';
import { Overload } from './sip/guard/overload.ts';
import type { OverloadChange } from './sip/guard/overload.ts';
import type { ManagedGuard } from './sip/guard/source-guard.ts';
import type { SipSockets, SipSocketsOptions } from './sip/sip-sockets-options.ts';
import { isWebSocket } from './sip/user-agent.ts';
import type { OutboundTls, SipAction, SipEvent, SipFlow, SipInput } from './sip/user-agent.ts';
import { createWebSocketTransport } from './sip/websocket-transport.ts';
import type { WebSocketTransport } from './sip/websocket-transport.ts';

/** What signalling stands on, and whom it serves. */
export interface SignallingParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly openSip: (options: SipSocketsOptions) => Promise<SipSockets>;
  /** The trunk of a source address, or null for a stranger. */
  readonly trunkOf: (host: string) => TrunkSettings | null;
  /** Whether SIP requests from this address are listened to. */
  readonly isTrusted: (host: string) => boolean;
  /** Legs that stand now, on all media workers. */
  readonly legs: () => number;
  readonly event: (event: SipEvent) => void;
  readonly flowClosed: (flow: SipFlow) => void;
  /** Sees every message. */
  readonly tap: SipTap;
}

/** The SIP stack with its sockets and those who guard it. */
export interface Signalling {
  readonly sip: Drive<SipInput>;
  readonly endpoint: SipEndpoint;
  readonly guard: ManagedGuard<GuardSettings>;
  readonly overload: Overload;
  readonly webSocket: WebSocketTransport;
  /** Null before `open`. */
  readonly sockets: SipSockets | null;
  /** Opens every socket; what comes in meanwhile waits. @throws CodedError when one cannot be had. */
  open(): Promise<SipSockets>;
  /** Comes back when certificates are read. Never fails: what cannot be read is logged, and the old ones stay. */
  reload(config: Config): Promise<void>;
}

/** What comes in the few milliseconds of opening; what is beyond it is sent again by whoever wants an answer. */
const MOST_EARLY_INPUTS = 1000;
/** Far more than signalling needs, far less than a flood. */
const WEB_SOCKET_MESSAGES_PER_SECOND = 50;
/** What the Server header says. */
const USER_AGENT = 'Konfa';

/** Puts the SIP stack together. Nothing is heard before `open`. */
export function createSignalling(config: Config, parts: SignallingParts): Signalling {
  return new ComposedSignalling(config, parts);
}

class ComposedSignalling implements Signalling {
  readonly sip: Drive<SipInput>;
  readonly endpoint: SipEndpoint;
  readonly guard: ManagedGuard<GuardSettings>;
  readonly overload: Overload;
  readonly webSocket: WebSocketTransport;
  readonly #parts: SignallingParts;
  #config: Config;
  #sockets: SipSockets | null = null;
  /** A socket that is open receives while the others are still being opened. */
  #early: SipInput[] | null = [];

  constructor(config: Config, parts: SignallingParts) {
    const { clock, random, log, isTrusted, legs } = parts;
    this.#config = config;
    this.#parts = parts;
    this.guard = createSourceGuard({
      settings: config.sip.guard,
      isTrunk: isTrusted,
      log: ({ level, message, facts }) => log[level](message, facts),
    });
    this.overload = new Overload(config.sip.limits, {
      legs,
      changed: (change) => reportOverload(log, change),
    });
    this.endpoint = createSipEndpoint({
      ...{ random, isTrusted, guard: this.guard, userAgent: USER_AGENT },
      overload: () => this.overload.verdict(clock.monotonicMs()),
      limits: config.sip.limits,
      messageLimits: config.sip.limits,
      sessionTimers: config.sip.sessionTimers,
    });
    this.sip = drive(this.endpoint, clock, (action: SipAction) => this.#perform(action));
    this.webSocket = createWebSocketTransport({
      receive: (input) => this.#receive(input),
      log: (entry) => log[entry.level](entry.message, entry.facts),
      clock,
      // Pages of other origins are sent away before the connection comes here.
      isAllowedOrigin: () => true,
      maxConnections: config.webrtc.maxConnections,
      connectionsPerAddress: config.webrtc.connectionsPerAddress,
      messagesPerSecond: WEB_SOCKET_MESSAGES_PER_SECOND,
    });
  }

  get sockets(): SipSockets | null {
    return this.#sockets;
  }

  async open(): Promise<SipSockets> {
    const { openSip, clock } = this.#parts;
    const sockets = await openSip({
      ...this.#socketSettings(),
      ...{ webSocket: this.webSocket, guard: this.guard, clock },
      receive: (input) => this.#receive(input),
    });
    this.#sockets = sockets;
    const early = this.#early ?? [];
    this.#early = null;
    for (const input of early) this.#receive(input);
    return sockets;
  }

  async reload(config: Config): Promise<void> {
    this.#config = config;
    this.guard.reload(config.sip.guard);
    await this.#sockets?.reloadCertificates();
  }

  #receive(input: SipInput): void {
    if (this.#early !== null) {
      if (this.#early.length < MOST_EARLY_INPUTS) this.#early.push(input);
      return;
    }
    if (this.#isKeptOut(input)) return;
    this.#parts.tap.received(input);
    this.sip.feed(input);
    if (input.type === 'flow-closed') this.#parts.flowClosed(input.flow);
  }

  /** What the guard drops nobody sees, neither the trace nor a collector: a flood must cost next to nothing. */
  #isKeptOut(input: SipInput): boolean {
    if (input.type !== 'received' || isWebSocket(input.flow)) return false;
    return this.guard.admit(input.flow, this.#parts.clock.monotonicMs()) === 'drop';
  }

  #perform(action: SipAction): void {
    const { log, tap, event } = this.#parts;
    switch (action.type) {
      case 'event':
        return event(action.event);
      case 'log':
        return log[action.level](action.message, action.facts);
      default:
        tap.sent(action);
        this.#sockets?.perform(action);
    }
  }

  #socketSettings(): Omit<SipSocketsOptions, 'receive' | 'webSocket' | 'guard' | 'clock'> {
    const { log, isTrusted, trunkOf } = this.#parts;
    const { listen, limits, keepAliveSeconds } = this.#config.sip;
    return {
      listen: listen.map((row) => ({
        ...row,
        certFile: row.certFile ?? undefined,
        keyFile: row.keyFile ?? undefined,
        clientCaFile: row.clientCaFile ?? undefined,
      })),
      log: (entry) => log[entry.level](entry.message, entry.facts),
      ...{ isTrusted, limits, keepAliveMs: keepAliveSeconds * 1000 },
      trunkTls: () =>
        this.#config.trunks.flatMap(({ name, tls }) =>
          tls === null
            ? []
            : [
                {
                  ...{ trunk: name, caFile: tls.caFile },
                  ...{ certFile: tls.certFile, keyFile: tls.keyFile },
                  wildcards: tls.allowWildcard ? 'allowed' : 'forbidden',
                },
              ],
        ),
      tlsFor: (host) => tlsOf(trunkOf(host), host),
    };
  }
}

/** The name that the certificate of a trunk's peer must bear, when we connect to an address that has called us. */
function tlsOf(trunk: TrunkSettings | null, host: string): OutboundTls | null {
  if (trunk === null) return null;
  const named = trunk.hosts[0] ?? trunk.register?.server;
  const serverName = trunk.tls?.serverName ?? (named === undefined ? host : hostPortOf(named).host);
  return { serverName, trunk: trunk.name };
}

function reportOverload(log: Logger, change: OverloadChange): void {
  if (change.type === 'recovered') {
    log.info('new calls are taken again', { refusedForMs: Math.round(change.afterMs) });
    return;
  }
  const { cause, measured } = change;
  log.warn('new calls are refused, as this machine is too busy', {
    cause,
    measured: Math.round(measured * 10) / 10,
  });
}
