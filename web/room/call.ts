import {
  Inviter,
  SessionState,
  UserAgent,
  Web,
  type Session,
  type SessionDescriptionHandler,
} from 'sip.js';

import type { SeatAnswer } from '../../server/panel/api/guest-api.ts';
import type { Fault } from './reconnect.ts';

/** What a call needs. */
export interface CallOptions {
  readonly seat: SeatAnswer;
  readonly name: string;
  /** The microphone's track; the call takes a copy and stops that at its end. */
  readonly track: MediaStreamTrack;
  readonly mode: 'live' | 'muted';
  readonly events: CallEvents;
}

/** What happens to a call. Nothing is told after `drop` or `hangUp`. */
export interface CallEvents {
  readonly failed: (failure: { readonly status: number | null; readonly fault: Fault }) => void;
  readonly ended: () => void;
  readonly socketClosed: () => void;
  readonly media: (media: 'connected' | 'disconnected' | 'failed') => void;
  readonly remoteTrack: (track: MediaStreamTrack) => void;
  readonly restartFailed: () => void;
}

/** One SIP call by WebSocket that carries the audio of a seat. */
export interface RoomCall {
  /** What the microphone's copy does. */
  readonly setMode: (mode: 'live' | 'muted') => void;
  /** Another microphone, without a new call. */
  readonly replaceTrack: (track: MediaStreamTrack) => Promise<void>;
  /** Keys as RFC 4733 events. */
  readonly sendKeys: (keys: string) => 'sent' | 'not-possible';
  /** New ICE credentials and candidates by re-INVITE. */
  readonly restartIce: () => void;
  readonly stats: () => Promise<RTCStatsReport | null>;
  /** Ends it here without a BYE: the seat stays for the next call. */
  readonly drop: () => void;
  /** Ends it with a BYE. */
  readonly hangUp: () => void;
}

/** The server is ICE-lite: it needs no candidates of ours, as our checks show where we are. */
const GATHERING_MS = 100;
const SOCKET_TIMEOUT_S = 5;
const KEY_MS = 120;
const KEY_GAP_MS = 80;
/** A BYE goes out before the socket is closed under it. */
const FAREWELL_MS = 500;

/** Places a call to the room of `seat`. */
export function placeCall(options: CallOptions): RoomCall {
  return new Call(options);
}

class Call implements RoomCall {
  readonly #events: CallEvents;
  readonly #userAgent: UserAgent;
  readonly #inviter: Inviter | null;
  readonly #headers: string[];
  #track: MediaStreamTrack;
  #mode: 'live' | 'muted';
  #peer: RTCPeerConnection | null = null;
  #life: 'alive' | 'over' = 'alive';
  #answer: 'none' | 'answered' = 'none';

  constructor({ seat, name, track, mode, events }: CallOptions) {
    this.#events = events;
    this.#mode = mode;
    this.#track = track.clone();
    this.#track.enabled = mode === 'live';
    this.#headers = [`Authorization: Bearer ${seat.credential}`];
    this.#userAgent = this.#makeUserAgent(seat, name);
    const target = UserAgent.makeURI(seat.sipUri);
    this.#inviter =
      target === undefined
        ? null
        : new Inviter(this.#userAgent, target, { extraHeaders: this.#headers });
    void this.#begin();
  }

  readonly setMode = (mode: 'live' | 'muted'): void => {
    this.#mode = mode;
    this.#track.enabled = mode === 'live';
  };

  readonly replaceTrack = async (track: MediaStreamTrack): Promise<void> => {
    const copy = track.clone();
    copy.enabled = this.#mode === 'live';
    const before = this.#track;
    this.#track = copy;
    const sender = this.#peer?.getSenders()[0];
    if (sender !== undefined) await sender.replaceTrack(copy);
    before.stop();
  };

  readonly sendKeys = (keys: string): 'sent' | 'not-possible' => {
    const dtmf = this.#peer?.getSenders()[0]?.dtmf ?? null;
    if (dtmf === null || !dtmf.canInsertDTMF) return 'not-possible';
    // Keys that are still being sent are replaced by the new ones unless they are named again.
    dtmf.insertDTMF(dtmf.toneBuffer + keys, KEY_MS, KEY_GAP_MS);
    return 'sent';
  };

  readonly restartIce = (): void => {
    const session = this.#inviter;
    if (session?.state !== SessionState.Established || !this.#userAgent.isConnected()) {
      this.#events.restartFailed();
      return;
    }
    this.#restart(session).catch(() => this.#tell(() => this.#events.restartFailed()));
  };

  readonly stats = async (): Promise<RTCStatsReport | null> =>
    (await this.#peer?.getStats()) ?? null;

  readonly drop = (): void => {
    if (this.#life === 'over') return;
    this.#life = 'over';
    this.#track.stop();
    this.#peer?.close();
    this.#stop();
  };

  readonly hangUp = (): void => {
    if (this.#life === 'over') return;
    this.#life = 'over';
    this.#track.stop();
    const session = this.#inviter;
    if (session !== null) farewell(session);
    this.#peer?.close();
    setTimeout(() => void this.#userAgent.stop().catch(() => undefined), FAREWELL_MS);
  };

  #makeUserAgent(seat: SeatAnswer, name: string): UserAgent {
    const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
    return new UserAgent({
      displayName: name,
      contactParams: { transport: scheme.slice(0, -1) },
      gracefulShutdown: false,
      // Its messages would carry the credential.
      logBuiltinEnabled: false,
      logConfiguration: false,
      logLevel: 'error',
      reconnectionAttempts: 0,
      transportOptions: {
        server: `${scheme}//${location.host}${seat.sipPath}`,
        connectionTimeout: SOCKET_TIMEOUT_S,
        keepAliveInterval: 20,
        traceSip: false,
      },
      sessionDescriptionHandlerFactory: Web.defaultSessionDescriptionHandlerFactory(
        async () => new MediaStream([this.#track]),
      ),
      sessionDescriptionHandlerFactoryOptions: {
        iceGatheringTimeout: GATHERING_MS,
        peerConnectionConfiguration: {
          iceServers: seat.iceServers.map(iceServer),
          bundlePolicy: 'max-bundle',
          rtcpMuxPolicy: 'require',
        },
      },
      delegate: { onDisconnect: () => this.#tell(() => this.#events.socketClosed()) },
    });
  }

  async #begin(): Promise<void> {
    const session = this.#inviter;
    if (session === null) {
      this.#fail(null, 'call');
      return;
    }
    session.stateChange.addListener((state) => {
      if (state === SessionState.Established) this.#answer = 'answered';
      if (state !== SessionState.Terminated) return;
      if (this.#answer === 'answered') this.#tell(() => this.#events.ended());
      // A refusal is told right after this, with its status; whatever else ends a call is told then.
      else setTimeout(() => this.#fail(null, 'call'), 0);
    });
    session.delegate = { onSessionDescriptionHandler: (handler) => this.#watch(handler) };
    try {
      await this.#userAgent.start();
    } catch {
      this.#fail(null, 'socket');
      return;
    }
    if (!this.#isAlive()) return;
    try {
      await session.invite({
        requestDelegate: {
          onReject: ({ message }) => this.#fail(message.statusCode ?? null, 'call'),
        },
      });
    } catch {
      this.#fail(null, 'call');
    }
  }

  #watch(handler: SessionDescriptionHandler): void {
    if (!(handler instanceof Web.SessionDescriptionHandler)) return;
    const peer = handler.peerConnection;
    if (peer === undefined) return;
    this.#peer = peer;
    peer.addEventListener('connectionstatechange', () => {
      const state = peer.connectionState;
      if (state === 'connected' || state === 'disconnected' || state === 'failed') {
        this.#tell(() => this.#events.media(state));
      }
    });
    peer.addEventListener('track', ({ track }) =>
      this.#tell(() => this.#events.remoteTrack(track)),
    );
  }

  async #restart(session: Session): Promise<void> {
    await session.invite({
      requestOptions: { extraHeaders: this.#headers },
      sessionDescriptionHandlerOptions: iceRestart(),
      requestDelegate: {
        onAccept: () => {
          // A way that never broke tells of no change.
          if (this.#peer?.connectionState === 'connected') {
            this.#tell(() => this.#events.media('connected'));
          }
        },
        onReject: () => this.#tell(() => this.#events.restartFailed()),
      },
    });
  }

  #fail(status: number | null, fault: Fault): void {
    this.#tell(() => this.#events.failed({ status, fault }));
  }

  #tell(tell: () => void): void {
    if (this.#isAlive()) tell();
  }

  #isAlive(): boolean {
    return this.#life === 'alive';
  }

  /** Closes the socket; no shutdown by goodbyes was asked for. Not from within what the socket itself tells. */
  #stop(): void {
    setTimeout(() => void this.#userAgent.stop().catch(() => undefined), 0);
  }
}

function iceRestart(): Web.SessionDescriptionHandlerOptions {
  return { offerOptions: { iceRestart: true }, iceGatheringTimeout: GATHERING_MS };
}

function iceServer({ urls, username, credential }: SeatAnswer['iceServers'][number]): RTCIceServer {
  return {
    urls,
    ...(username === undefined ? {} : { username }),
    ...(credential === undefined ? {} : { credential }),
  };
}

function farewell(session: Inviter): void {
  const said =
    session.state === SessionState.Established
      ? session.bye()
      : session.state === SessionState.Initial
        ? Promise.resolve()
        : session.cancel();
  said.catch(() => undefined);
}
