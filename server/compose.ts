import { createAddressBook } from './address/address-book.ts';
import type { AddressBook } from './address/address-book.ts';
import type { StunAgent } from './address/stun-agent.ts';
import type { Switchboard } from './call/switchboard.ts';
import { createAddressTeller } from './compose-addresses.ts';
import type { AddressTeller } from './compose-addresses.ts';
import { composeConference } from './compose-conference.ts';
import type { Conference, ConferencePlatform } from './compose-conference.ts';
import type { Organising } from './compose-organising.ts';
import { composeOperatorDesk } from './compose-operator-desk.ts';
import type { OperatorDesk } from './compose-operator-desk.ts';
import { createSignalling } from './compose-signalling.ts';
import type { Signalling } from './compose-signalling.ts';
import { composeWatching } from './compose-watching.ts';
import type { Watching } from './compose-watching.ts';
import type { Config } from './config/config.ts';
import type { Metrics } from './metrics/metrics.ts';
import { refreshRegularly } from './refresh.ts';
import type { Clock } from './runtime/clock.ts';
import { familyOfPlain } from './runtime/literal-address.ts';
import type { AddressFamily } from './runtime/literal-address.ts';
import type { SipEndpoint } from './sip/endpoint.ts';
import { createLocator } from './sip/locate/locate.ts';
import { localPortFor } from './sip/outbound-flow.ts';
import type { BoundAddress } from './sip/outbound-flow.ts';
import type { SipSockets, SipSocketsOptions } from './sip/sip-sockets-options.ts';
import type { SipEvent } from './sip/user-agent.ts';
import type { WebSocketTransport } from './sip/websocket-transport.ts';
import { NO_SURROUNDINGS } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import type { HepSender } from './trace/hep-sender.ts';
import { createTrunks } from './trunk/trunks.ts';
import type { Trunks } from './trunk/trunks.ts';

/** Everything of the outside world that the server stands on. Simulations bring their own. */
export interface Platform extends ConferencePlatform {
  readonly openSip: (options: SipSocketsOptions) => Promise<SipSockets>;
  /** Left out: there are none, which is a simulation. */
  readonly surroundings?: Surroundings;
}

/** A server that is put together and takes calls. */
export interface ComposedApp {
  readonly organising: Organising;
  readonly switchboard: Switchboard;
  /** Where browsers speak SIP: takes over the upgrades of the panel's server. */
  readonly webSocket: WebSocketTransport;
  /** SIP sockets as they are bound. */
  readonly addresses: readonly BoundAddress[];
  readonly metrics: Metrics;
  /** How trunks are, who is banned. */
  readonly desk: OperatorDesk;
  /** Takes over what can change while calls stand; see `config/reload.ts`. */
  reload(config: Config): void;
  /** Ends every call with BYE and closes everything; about 4 s at most, 9 s where a registrar does not answer. */
  stop(): Promise<void>;
}

/** How long a stop waits for calls to end, for registrars, and then for the peers' answers to BYE. */
const STOP_CALLS_MS = 3000;
const STOP_TRUNKS_MS = 8500;
const STOP_ANSWERS_MS = 700;
const POLL_MS = 50;
/** How long a start waits for the certificate of DTLS and for our public address. Telephones can do without. */
const READY_MS = 5000;

/** All parts, joined; nothing is open yet. */
interface Assembly extends Conference {
  readonly platform: Platform;
  readonly surroundings: Surroundings;
  readonly book: AddressBook;
  readonly stun: StunAgent | null;
  readonly hep: HepSender | null;
  readonly signalling: Signalling;
  readonly trunks: Trunks;
  readonly watching: Watching;
  readonly teller: AddressTeller;
}

/** Puts the server together on any platform. The SIP sockets open last: no call meets a half-built server. */
export async function composeApp(config: Config, platform: Platform): Promise<ComposedApp> {
  const parts = assemble(config, platform);
  const { organising, switchboard, signalling, trunks, watching } = parts;
  const sockets = await open(parts);
  parts.teller.tellAll();
  trunks.onAddresses((addresses) => switchboard.learn(addresses));
  trunks.start();
  const { clock, log } = platform;
  const desk = composeOperatorDesk({ switchboard, trunks, signalling, clock, log });
  watching.watch({ switchboard, signalling, desk, sockets });
  const endWatching = await lookOn(config, parts, watching.commands(desk));
  organising.start();
  let latest = config;
  return {
    organising,
    switchboard,
    webSocket: signalling.webSocket,
    addresses: sockets.addresses,
    metrics: watching.metrics,
    desk,
    reload(next) {
      const beganAtMs = platform.clock.monotonicMs();
      parts.media.loadClips(platform.loadClips(next));
      switchboard.reload(next);
      latest = next;
      parts.teller.reload(next);
      // A trunk that dials before its certificates are read fails, and waits for its next try.
      void signalling.reload(next).then(() => {
        if (latest === next) trunks.reload(next);
      });
      signalling.overload.heldUp(platform.clock.monotonicMs() - beganAtMs);
    },
    async stop() {
      await endWatching();
      await stop(parts, sockets);
      platform.database.close();
    },
  };
}

function assemble(config: Config, platform: Platform): Assembly {
  const { clock, random, log, openSip } = platform;
  const surroundings = platform.surroundings ?? NO_SURROUNDINGS;
  const stun = surroundings.startStun(config, platform, () => trunks.addressChanged());
  const book = createAddressBook({ config, stun });
  const hep = surroundings.openHep(config, platform);
  const watching = composeWatching(config, clock, {
    hep,
    ownProcess: platform.surroundings === undefined ? 'left-out' : 'shown',
  });
  const conference = composeConference(config, platform, {
    sip: (command) => signalling.sip.feed({ type: 'command', command }),
    onFigures: (worker, report) => {
      watching.workerFigures(worker, report);
      signalling.overload.workerFigures(worker, report, clock.monotonicMs());
    },
    onStrain: (worker, usedPercent) =>
      signalling.overload.workerStrained(worker, usedPercent, clock.monotonicMs()),
    addresses: book,
    onOffence: (flow, offence) => signalling.guard.offend(flow, offence, clock.monotonicMs()),
    trunkOfContact: (user) => trunks.trunkOfContact(user),
  });
  const teller = createAddressTeller(config, {
    ...{ log, book },
    localHostFor: platform.localHostFor,
  });
  const { switchboard } = conference;
  const signalling = createSignalling(config, {
    ...{ clock, random, log, openSip, tap: watching.tap },
    isTrusted: (host) => switchboard.isTrusted(host),
    trunkOf: (host) => switchboard.trunkOf(host),
    legs: () => conference.media.legCount,
    event: (event) => distribute(event, { switchboard, trunks, watching }),
    flowClosed: (flow) => trunks.flowClosed(flow),
  });
  const trunks = assembleTrunks(config, { platform, surroundings, book, signalling, teller });
  const ours = { platform, surroundings, book, stun, hep };
  return { ...conference, ...ours, signalling, trunks, watching, teller };
}

function assembleTrunks(
  config: Config,
  parts: Pick<Assembly, 'platform' | 'surroundings' | 'book' | 'signalling' | 'teller'>,
): Trunks {
  const { platform, surroundings, book, signalling, teller } = parts;
  const { clock, random, log } = platform;
  const bound = (): readonly BoundAddress[] => signalling.sockets?.addresses ?? [];
  return createTrunks({
    ...{ config, clock, random, log },
    sip: (command) => signalling.sip.feed({ type: 'command', command }),
    locator: createLocator({
      dns: surroundings.dns,
      random,
      nowMs: () => clock.monotonicMs(),
      families: () => familiesOf(bound()),
    }),
    localHostFor: (flow) => book.sipHostFor(flow.remoteHost, platform.localHostFor(flow)),
    localPortFor: (transport, host) => localPortFor(bound(), transport, host),
    keepAwake: (flow) => signalling.sockets?.keepAwake(flow),
    letSleep: (flow) => signalling.sockets?.letSleep(flow),
    found: (trunkName, hosts) => teller.tellFound(trunkName, hosts),
  });
}

/** IPv4 first, as long as it is what providers speak. */
function familiesOf(bound: readonly BoundAddress[]): readonly AddressFamily[] {
  const families = new Set(bound.map(({ host }) => familyOfPlain(host)));
  return (['ipv4', 'ipv6'] as const).filter((family) => families.has(family));
}

function distribute(
  event: SipEvent,
  { switchboard, trunks, watching }: Pick<Assembly, 'switchboard' | 'trunks' | 'watching'>,
): void {
  if (event.type === 'request-answered' || event.type === 'request-failed') {
    trunks.sipEvent(event);
    return;
  }
  if (event.type === 'invite') {
    watching.trace.book.names(event.invite.callIdHeader, event.dialogId);
  }
  switchboard.sipEvent(event);
}

async function open(parts: Assembly): Promise<SipSockets> {
  const { platform, surroundings, signalling, media, stun, hep } = parts;
  // Whoever calls from now on meets a server that can shake hands and knows its address.
  await within(platform.clock, READY_MS, Promise.all([media.ready, stun?.ready]));
  try {
    return await signalling.open();
  } catch (error) {
    signalling.sip.stop();
    stun?.stop();
    surroundings.close();
    await Promise.all([media.stop(), hep?.close()]);
    throw error;
  }
}

/** Begins all that looks on while calls are made; what it gives ends it. */
async function lookOn(
  config: Config,
  { platform, surroundings, signalling, switchboard, organising }: Assembly,
  commands: ReturnType<Watching['commands']>,
): Promise<() => Promise<void>> {
  const { clock, database, log } = platform;
  const closeControl = await surroundings.listenControl(config, platform, commands);
  const stopWatchingLag = surroundings.watchLag((load) =>
    signalling.overload.mainThreadLoad(load, clock.monotonicMs()),
  );
  const stopRefreshing = refreshRegularly({
    ...{ clock, database, log },
    refresh: () => {
      switchboard.refreshRooms();
      organising.wake();
    },
  });
  return async () => {
    stopRefreshing();
    stopWatchingLag();
    await closeControl();
  };
}

async function stop(parts: Assembly, sockets: SipSockets): Promise<void> {
  const { platform, organising, switchboard, trunks, signalling, media, hep } = parts;
  const { clock } = platform;
  const stopTelling = organising.stop();
  await Promise.all([
    within(clock, STOP_CALLS_MS, switchboard.stop()),
    within(clock, STOP_TRUNKS_MS, trunks.stop()),
  ]);
  await answersToBye(clock, signalling.endpoint);
  signalling.sip.stop();
  parts.stun?.stop();
  parts.surroundings.close();
  await sockets.close();
  await media.stop();
  organising.lastCallEnded();
  await hep?.close();
  await stopTelling;
}

/** Gives the peers a moment to answer BYE, so that none has to repeat itself against a closed port. */
async function answersToBye(clock: Clock, endpoint: SipEndpoint): Promise<void> {
  const untilMs = clock.monotonicMs() + STOP_ANSWERS_MS;
  while (endpoint.figures.transactions > 0 && clock.monotonicMs() < untilMs) {
    await sleep(clock, POLL_MS);
  }
}

/** Waits until something is done, but not for longer than this. */
function within(clock: Clock, durationMs: number, done: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.schedule(clock.monotonicMs() + durationMs, resolve);
    void done.then(() => {
      cancel();
      resolve();
    });
  });
}

function sleep(clock: Clock, durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.schedule(clock.monotonicMs() + durationMs, resolve);
  });
}
