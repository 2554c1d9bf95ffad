import type { RawData, WebSocket } from 'ws';
import { WebSocketServer } from 'ws';

import type { DurationMs } from '../../mixer/protocol/units.ts';
import type { LiveViewer, LiveWatch } from '../guest/live-watch.ts';
import type { Clock } from '../runtime/clock.ts';
import { liveClientMessageSchema } from './api/live-api.ts';
import type { LiveClientMessage, LiveServerMessage } from './api/live-api.ts';
import type { UpgradeHandler } from './upgrades.ts';

/** What a viewer's connection may cost. */
export interface LiveSocketLimits {
  /** Until the first message. */
  readonly watchWithinMs: DurationMs;
  readonly messageBytes: number;
  /** Messages in any second. */
  readonly messagesPerSecond: number;
  readonly pingEveryMs: DurationMs;
  /** A viewer who is behind by more than this is dropped. */
  readonly waitingBytes: number;
}

const DEFAULT_LIMITS: LiveSocketLimits = {
  watchWithinMs: 5_000,
  messageBytes: 4_096,
  messagesPerSecond: 20,
  pingEveryMs: 25_000,
  waitingBytes: 1_048_576,
};

/** What the live feed is served with. */
export interface LiveSocketOptions {
  readonly live: LiveWatch;
  readonly clock: Clock;
  readonly limits?: Partial<LiveSocketLimits>;
}

/** The WebSocket `/live`. */
export interface LiveSocket {
  /** For the path `/live` of the upgrade router. */
  readonly handle: UpgradeHandler;
  /** Ends every connection with 1001. */
  close(): void;
}

/** Codes of RFC 6455 §7.4.1. */
const CLOSE = { done: 1000, goingAway: 1001, badMessage: 1007, notAllowed: 1008, tooSlow: 1013 };
const SECOND_MS: DurationMs = 1_000;
/** How long an answer to a close is waited for. */
const CLOSE_MS: DurationMs = 2_000;

/** Makes the shell of the live feed: framing, limits and liveness; what is said in it is `live`'s business. */
export function createLiveSocket(options: LiveSocketOptions): LiveSocket {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: limits.messageBytes,
    // What is small and often is not worth a window of 32 KiB for every viewer.
    perMessageDeflate: false,
    clientTracking: true,
  });
  return {
    handle({ request, socket, head }) {
      server.handleUpgrade(request, socket, head, (connection) =>
        serve(connection, { ...options, limits }),
      );
    },
    close() {
      for (const connection of server.clients) connection.close(CLOSE.goingAway);
      server.close();
    },
  };
}

function serve(
  socket: WebSocket,
  options: LiveSocketOptions & { readonly limits: LiveSocketLimits },
): void {
  const { live, clock, limits } = options;
  const rate = createRate(limits.messagesPerSecond, clock);
  let viewer: LiveViewer | null = null;
  let cancel = clock.schedule(clock.monotonicMs() + limits.watchWithinMs, () =>
    end(CLOSE.notAllowed),
  );

  function end(code: number): void {
    stopViewing();
    socket.close(code);
    cancel = clock.schedule(clock.monotonicMs() + CLOSE_MS, () => socket.terminate());
  }

  function stopViewing(): void {
    cancel();
    const gone = viewer;
    viewer = null;
    gone?.close();
  }

  function send(message: LiveServerMessage): void {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > limits.waitingBytes) {
      stopViewing();
      // Whoever does not read would not read a close either.
      socket.terminate();
      return;
    }
    socket.send(JSON.stringify(message));
    if (message.type === 'end') end(CLOSE.done);
  }

  function begin(message: LiveClientMessage): void {
    if (message.type !== 'watch') return end(CLOSE.notAllowed);
    cancel();
    viewer = live.watch(message.credential, send);
    if (viewer === null) return send({ type: 'end', why: 'seat-expired' });
    // A feed that ended with its first message has closed the connection before it had a viewer.
    if (socket.readyState !== socket.OPEN) return stopViewing();
    cancel = keepAlive(socket, clock, limits.pingEveryMs);
  }

  socket.on('message', (data, isBinary) => {
    if (socket.readyState !== socket.OPEN) return;
    const message = isBinary ? null : readMessage(data);
    if (!rate.take()) return end(CLOSE.notAllowed);
    if (message === null) return end(CLOSE.badMessage);
    if (viewer === null) return begin(message);
    if (message.type === 'watch') return end(CLOSE.notAllowed);
    viewer.receive(message);
  });
  socket.on('close', stopViewing);
  // Frames that are none, or too long: the library answers with a close of its own.
  socket.on('error', stopViewing);
}

/** Null: no message of ours. */
function readMessage(data: RawData): LiveClientMessage | null {
  try {
    const parsed = liveClientMessageSchema.safeParse(JSON.parse(textOf(data)));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return data instanceof ArrayBuffer ? Buffer.from(data).toString('utf8') : data.toString('utf8');
}

/** Pings; a connection that has not answered the one before is dead. */
function keepAlive(socket: WebSocket, clock: Clock, everyMs: DurationMs): () => void {
  let isAnswered = true;
  let cancel = (): void => undefined;
  const ping = (): void => {
    if (!isAnswered) return socket.terminate();
    isAnswered = false;
    socket.ping();
    cancel = clock.schedule(clock.monotonicMs() + everyMs, ping);
  };
  socket.on('pong', () => (isAnswered = true));
  cancel = clock.schedule(clock.monotonicMs() + everyMs, ping);
  return () => cancel();
}

/** Counts in windows of a second. */
function createRate(perSecond: number, clock: Clock): { take(): boolean } {
  let fromMs = -Infinity;
  let taken = 0;
  return {
    take() {
      const nowMs = clock.monotonicMs();
      if (nowMs - fromMs >= SECOND_MS) {
        fromMs = nowMs;
        taken = 0;
      }
      taken += 1;
      return taken <= perSecond;
    },
  };
}
