import type { MonotonicMs, WallclockMs } from '../../mixer/protocol/units.ts';
import type { Config } from '../config/config.ts';
import type { Clock } from '../runtime/clock.ts';
import { drive } from '../runtime/drive.ts';
import type { Drive } from '../runtime/drive.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Random } from '../runtime/random.ts';
import type { Destination, Locator } from '../sip/locate/locate.ts';
import { outboundFlow } from '../sip/outbound-flow.ts';
import type { ClientRequest } from '../sip/outgoing-call.ts';
import type { SendTarget } from '../sip/received-request.ts';
import type { SipFlow } from '../sip/user-agent.ts';
import { HostSet } from './host-set.ts';
import { Registration } from './registration.ts';
import { gatherHosts } from './registrar-hosts.ts';
import { inRouteOrder } from './service-route.ts';
import { destinationText } from './trunk-core.ts';
import type { Route, TrunkAction, TrunkInput } from './trunk-core.ts';
import type { TrunkSnapshot } from './trunk-snapshot.ts';

/** Settings of one trunk. */
export type TrunkSettings = Config['trunks'][number];

/** What trunks stand on. */
export interface TrunkPlatform {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly locator: Locator;
  /** The literal address that the peer of a flow reaches us by: for Via and Contact. */
  readonly localHostFor: (flow: SipFlow) => string;
  /** The port of ours that goes with it; 0: none, see `localPortFor` of the outbound flows. */
  readonly localPortFor: (transport: Destination['transport'], host: string) => number;
  /** Keeps the way to and from a peer open: its calls come over it. Asked for once more than it is let go of. */
  readonly keepAwake: (flow: SipFlow) => void;
  readonly letSleep: (flow: SipFlow) => void;
}

/** What a live trunk calls for. */
interface LiveTrunkPorts extends TrunkPlatform {
  /** Sends a request whose outcome comes back to `owner`. */
  readonly request: (request: ClientRequest, owner: Drive<TrunkInput>) => void;
  readonly addressesChanged: () => void;
}

/** A core and the drive that runs it. */
interface Running<Of> {
  readonly core: Of;
  readonly drive: Drive<TrunkInput>;
}

/** One trunk that we send requests to: its hosts and its registration, running. */
export class LiveTrunk {
  readonly settings: TrunkSettings;
  readonly #ports: LiveTrunkPorts;
  readonly #hosts: Running<HostSet>;
  readonly #registration: Running<Registration> | null;
  readonly #stopped: Promise<void>;
  #onStopped: () => void = () => undefined;

  constructor(settings: TrunkSettings, ports: LiveTrunkPorts) {
    this.settings = settings;
    this.#ports = ports;
    this.#stopped = new Promise((resolve) => {
      this.#onStopped = resolve;
    });
    const { name: trunk, register, pingSeconds } = settings;
    const { random } = ports;
    const routeTo = (destination: Destination): Route => this.#routeTo(destination);
    const hosts = hostsOf(settings);
    this.#hosts = this.#run(new HostSet({ trunk, hosts, pingSeconds, routeTo, random }));
    this.#registration =
      register === null
        ? null
        : this.#run(new Registration({ trunk, settings: register, routeTo, random }));
  }

  start(): void {
    this.#hosts.drive.feed({ type: 'start' });
    this.#registration?.drive.feed({ type: 'start' });
  }

  /** What a call to one of `targets` came to: `failed` when nobody answered, or with 408 or 503. */
  heard({ flow, host, port }: SendTarget, outcome: 'served' | 'failed'): void {
    const { transport } = flow;
    if (transport === 'ws' || transport === 'wss') return;
    const destination = destinationText({ transport, host, port });
    this.#hosts.drive.feed({ type: 'heard', destination, outcome });
  }

  /** To both cores: a connection broke, our addresses changed. */
  tell(input: TrunkInput): void {
    this.#hosts.drive.feed(input);
    this.#registration?.drive.feed(input);
  }

  /** Takes the registration back; a bounded wait, 8 s at most. */
  stop(): Promise<void> {
    this.#hosts.drive.feed({ type: 'stop' });
    this.#hosts.drive.stop();
    if (this.#registration === null) this.#onStopped();
    else this.#registration.drive.feed({ type: 'stop' });
    return this.#stopped;
  }

  /** Literal addresses that requests of this trunk come from. */
  get hosts(): readonly string[] {
    return [...(this.#registration?.core.hosts ?? []), ...this.#hosts.core.hosts];
  }

  /** User part of the Contact that its calls come to; null when it does not register. */
  get contactUser(): string | null {
    return this.#registration?.core.contactUser ?? null;
  }

  /** Routes that a call over it is to take, as its registrar has told; none where it has told nothing. */
  get routeSet(): readonly string[] {
    return this.#registration?.core.routeSet ?? [];
  }

  /** Where a call over it is to be tried, in this order. */
  targets(): readonly SendTarget[] {
    const targets = this.#hosts.core.destinations().map((each) => this.#routeTo(each).target);
    return inRouteOrder(targets, this.routeSet);
  }

  snapshot(): TrunkSnapshot {
    const { clock } = this.#ports;
    const offsetMs = clock.wallclockMs() - clock.monotonicMs();
    const wallclock = (atMs: MonotonicMs): WallclockMs => Math.round(atMs + offsetMs);
    const maybe = (atMs: MonotonicMs | null): WallclockMs | null =>
      atMs === null ? null : wallclock(atMs);
    const facts = this.#registration?.core.facts();
    const server = this.settings.register?.server ?? '';
    return {
      name: this.settings.name,
      registration:
        facts === undefined
          ? null
          : {
              state: facts.state,
              server,
              sinceWallclockMs: wallclock(facts.sinceMs),
              registeredUntilWallclockMs: maybe(facts.registeredUntilMs),
              nextTryWallclockMs: maybe(facts.nextTryMs),
              lastStatus: facts.lastStatus,
              lastError: facts.lastError,
              lastTrouble: facts.lastTrouble,
              failures: facts.failures,
              destination: facts.destination,
              contact: facts.contact,
              seenAs: facts.seenAs,
              serviceRoute: facts.serviceRoute,
            },
      hosts: this.#hosts.core.facts().map(({ sinceMs, ...host }) => ({
        ...host,
        sinceWallclockMs: wallclock(sinceMs),
      })),
    };
  }

  #run<Of extends HostSet | Registration>(core: Of): Running<Of> {
    const running = {
      core,
      drive: drive<TrunkInput, TrunkAction>(core, this.#ports.clock, (action) => {
        this.#perform(action, running.drive);
      }),
    };
    return running;
  }

  #perform(action: TrunkAction, owner: Drive<TrunkInput>): void {
    switch (action.type) {
      case 'request':
        return this.#ports.request(action.request, owner);
      case 'locate':
        if (owner === this.#hosts.drive) return this.#locate(action.host);
        return this.#locateRegistrar(action.host);
      case 'keep-awake':
        return this.#ports.keepAwake(action.flow);
      case 'let-sleep':
        return this.#ports.letSleep(action.flow);
      case 'heard':
        return this.#hosts.drive.feed(action);
      case 'host-changed':
        return this.#registration?.drive.feed(action);
      case 'log':
        return this.#ports.log[action.level](action.message, action.facts);
      case 'addresses':
        return this.#ports.addressesChanged();
      case 'stopped':
        owner.stop();
        return this.#onStopped();
    }
  }

  #locate(host: string): void {
    const { transport } = this.settings;
    void this.#ports.locator.locate({ host, transport }).then((located) => {
      this.#hosts.drive.feed({ type: 'located', host, located });
    });
  }

  /** REGISTER goes where all our requests go, to those first that are there. `server` — as the registration named it. */
  #locateRegistrar(server: string): void {
    const { transport } = this.settings;
    const { core } = this.#hosts;
    const asked = hostsOf(this.settings).map(async (host) => {
      const located = await this.#ports.locator.locate({ host, transport });
      return { located, known: core.knownOf(host) };
    });
    void Promise.all(asked).then((hosts) => {
      const located = gatherHosts(hosts, (destination) => core.isDown(destination));
      this.#registration?.drive.feed({ type: 'located', host: server, located });
    });
  }

  #routeTo(destination: Destination): Route {
    const { transport, host, port, serverName } = destination;
    const { localPortFor, localHostFor } = this.#ports;
    const localPort = localPortFor(transport, host);
    const { name, tls } = this.settings;
    const flow = outboundFlow({
      transport,
      host,
      port,
      localPort,
      ...(transport === 'tls'
        ? { tls: { serverName: tls?.serverName ?? serverName, trunk: name } }
        : {}),
    });
    return { target: { flow, host, port }, localHost: localHostFor(flow) };
  }
}

/** Whether we send requests over a trunk of our own accord. */
export function isCalledOn({ hosts, register }: TrunkSettings): boolean {
  return hosts.length > 0 || register !== null;
}

function hostsOf({ hosts, register }: TrunkSettings): readonly string[] {
  return hosts.length > 0 || register === null ? hosts : [register.server];
}
