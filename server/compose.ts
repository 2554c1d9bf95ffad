import { availableParallelism } from 'node:os';
import type { ClipBank } from '../mixer/protocol/mixer-command.ts';
import { RoomDirectory } from './call/room-directory.ts';
import { Switchboard } from './call/switchboard.ts';
import { composeOrganising } from './compose-organising.ts';
import type { Organising, OrganisingPlatform } from './compose-organising.ts';
import type { Config } from './config/config.ts';
import type { DtlsHost } from './media/dtls-host.ts';
import type { MediaPool, WorkerHost } from './media/media-pool.ts';
import { createMediaPool } from './media/worker-pool.ts';
import { refreshRegularly } from './refresh.ts';
import { sharedPortsOf } from './shared-ports.ts';
import { createGuessLimiter, DEFAULT_GUESS_LIMITS } from './reservation/guess-limiter.ts';
import type { GuessLimits } from './reservation/guess-limiter.ts';
import type { Clock } from './runtime/clock.ts';
import { drive } from './runtime/drive.ts';
import type { Drive } from './runtime/drive.ts';
import { createSipEndpoint } from './sip/endpoint.ts';
import type { SipEndpoint } from './sip/endpoint.ts';
import type { BoundAddress, SipSockets, SipSocketsOptions } from './sip/sip-sockets.ts';
import type { SipAction, SipCommand, SipFlow, SipInput } from './sip/user-agent.ts';
import { createWebSocketTransport } from './sip/websocket-transport.ts';
import type { WebSocketTransport } from './sip/websocket-transport.ts';

/** Everything of the outside world that the server stands on. Simulations bring their own. */
export interface Platform extends OrganisingPlatform {
  readonly workers: WorkerHost;
  /** Does the handshakes of browsers; null: there are none. */
  readonly dtls: DtlsHost | null;
  /** Literal addresses of this machine, for `webrtc.addresses: "auto"`. */
  readonly addresses: readonly string[];
  readonly openSip: (options: SipSocketsOptions) => Promise<SipSockets>;
  readonly loadClips: (config: Config) => ClipBank;
  readonly localHostFor: (flow: SipFlow) => string;
}

/** A server that is put together and takes calls. */
export interface ComposedApp {
  readonly organising: Organising;
  readonly switchboard: Switchboard;
  /** Where browsers speak SIP: takes over the upgrades of the panel's server. */
  readonly webSocket: WebSocketTransport;
  /** SIP sockets as they are bound. */
  readonly addresses: readonly BoundAddress[];
  /** Takes over what can change while calls stand; see `config/reload.ts`. */
  reload(config: Config): void;
  /** Ends every call with BYE and closes everything; at most about 4 s. */
  stop(): Promise<void>;
}

/** How long a stop waits for calls to end, and then for the peers' answers to BYE. */
const STOP_CALLS_MS = 3000;
const STOP_ANSWERS_MS = 700;
const POLL_MS = 50;
/** How long a start waits for the certificate of DTLS. Telephones can do without. */
const READY_MS = 5000;
/** What comes in these few milliseconds beyond it is sent again by whoever wants an answer. */
const MOST_EARLY_INPUTS = 1000;
/** Far more than signalling needs, far less than a flood. */
const WEB_SOCKET_MESSAGES_PER_SECOND = 50;
/** What the Server header says. */
const USER_AGENT = 'Konfa';

/** Puts the server together on any platform. The SIP sockets open last: no call meets a half-built server. */
export async function composeApp(config: Config, platform: Platform): Promise<ComposedApp> {
  const { clock, random, log, database } = platform;
  const conference = createConference(config, platform, (command) => {
    sip.feed({ type: 'command', command });
  });
  const { media, switchboard, organising } = conference;
  const isTrusted = (host: string): boolean => switchboard.isTrusted(host);
  const endpoint = createSipEndpoint({ random, isTrusted, userAgent: USER_AGENT });
  const sip: Drive<SipInput> = drive(endpoint, clock, (action: SipAction) => {
    if (action.type === 'event') switchboard.sipEvent(action.event);
    else if (action.type === 'log') log[action.level](action.message, action.facts);
    else sockets.perform(action);
  });
  // A socket that is open receives while the others are still being opened.
  const early: SipInput[] = [];
  let receive = (input: SipInput): void => {
    if (early.length < MOST_EARLY_INPUTS) early.push(input);
  };
  const webSocket = createWebSocketTransport({
    receive: (input) => receive(input),
    log: (entry) => log[entry.level](entry.message, entry.facts),
    clock,
    // Pages of other origins are sent away before the connection comes here.
    isAllowedOrigin: () => true,
    maxConnections: config.webrtc.maxConnections,
    connectionsPerAddress: config.webrtc.connectionsPerAddress,
    messagesPerSecond: WEB_SOCKET_MESSAGES_PER_SECOND,
  });
  // Whoever calls from now on meets a server that can shake hands.
  await within(clock, READY_MS, media.ready);
  const sockets = await openSockets(config, platform, {
    receive: (input) => receive(input),
    webSocket,
    isTrusted,
    onFailure: () => media.stop(),
  });
  receive = (input) => sip.feed(input);
  for (const input of early) receive(input);
  const stopRefreshing = refreshRegularly({
    clock,
    database,
    log,
    refresh: () => {
      switchboard.refreshRooms();
      organising.wake();
    },
  });
  organising.start();

  return {
    organising,
    switchboard,
    webSocket,
    addresses: sockets.addresses,
    reload(next) {
      media.loadClips(platform.loadClips(next));
      switchboard.reload(next);
    },
    async stop() {
      stopRefreshing();
      const stopTelling = organising.stop();
      await Promise.race([switchboard.stop(), sleep(clock, STOP_CALLS_MS)]);
      await answersToBye(clock, endpoint);
      sip.stop();
      await sockets.close();
      await media.stop();
      await stopTelling;
      database.close();
    },
  };
}

interface Conference {
  readonly organising: Organising;
  readonly media: MediaPool;
  readonly switchboard: Switchboard;
}

/** Everything behind the signalling: rooms, bookings, media. */
function createConference(
  config: Config,
  platform: Platform,
  sip: (command: SipCommand) => void,
): Conference {
  const { clock, random, log } = platform;
  const clips = platform.loadClips(config);
  const organising = composeOrganising(config, platform, () => directory.reservedNumbers());
  const { reservations, notices, joinLinks } = organising;
  const directory = new RoomDirectory({ config, reservations, random });
  const media = createMediaPool({
    host: platform.workers,
    workers: config.media.workers === 'auto' ? availableParallelism() : config.media.workers,
    portRange: config.media.portRange,
    rtpTimeoutMs: config.media.rtpTimeoutSeconds * 1000,
    clock,
    random,
    log,
    dtls:
      config.webrtc.enabled || config.trunks.some(({ srtp }) => srtp !== 'off')
        ? platform.dtls
        : null,
    sharedPorts: sharedPortsOf(config, platform.addresses),
    opus: config.webrtc.opus,
    emit: (event) => switchboard.mediaEvent(event),
  });
  const switchboard = new Switchboard({
    config,
    directory,
    guesses: createGuessLimiter(guessLimits(config)),
    callLog: organising.callLog,
    media,
    sip,
    clock,
    random,
    log,
    localHostFor: platform.localHostFor,
    linkStands: (linkId) => joinLinks.stands(linkId),
    onGuessing: (number) => {
      const nowMs = clock.wallclockMs();
      const guessed = reservations.findByNumber(number, nowMs);
      if (guessed !== null) notices.reportGuessing(guessed.reservationId, nowMs);
    },
  });
  media.loadClips(clips);
  return { organising, media, switchboard };
}

async function openSockets(
  config: Config,
  platform: Platform,
  options: Pick<SipSocketsOptions, 'receive' | 'isTrusted'> & {
    readonly webSocket: WebSocketTransport;
    readonly onFailure: () => Promise<void>;
  },
): Promise<SipSockets> {
  const { receive, isTrusted, webSocket, onFailure } = options;
  try {
    return await platform.openSip({
      listen: config.sip.listen.map((row) => ({
        ...row,
        certFile: row.certFile ?? undefined,
        keyFile: row.keyFile ?? undefined,
      })),
      receive,
      webSocket,
      log: (entry) => platform.log[entry.level](entry.message, entry.facts),
      isTrusted,
    });
  } catch (error) {
    await onFailure();
    throw error;
  }
}

function guessLimits(config: Config): GuessLimits {
  const { limit, windowMinutes, refuseMinutes } = config.guessing;
  return {
    ...DEFAULT_GUESS_LIMITS,
    limit,
    windowMs: windowMinutes * 60_000,
    refuseMs: refuseMinutes * 60_000,
  };
}

/** Gives the peers a moment to answer BYE, so that none has to repeat itself against a closed port. */
async function answersToBye(clock: Clock, endpoint: SipEndpoint): Promise<void> {
  const untilMs = clock.monotonicMs() + STOP_ANSWERS_MS;
  while (endpoint.figures.transactions > 0 && clock.monotonicMs() < untilMs) {
    await sleep(clock, POLL_MS);
  }
}

/** Waits until something is done, but not for longer than this. */
function within(clock: Clock, durationMs: number, done: Promise<void>): Promise<void> {
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
