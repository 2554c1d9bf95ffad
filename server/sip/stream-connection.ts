import type { Socket } from 'node:net';
import { StreamFramer } from './stream-framer.ts';
import type { SipAction, SipFlow, SipInput } from './user-agent.ts';

/** Longest that a connection may stay silent. Peers that keep one open longer send keep-alives or calls. */
const IDLE_TIMEOUT_MS = 3_600_000;
/** Longest that a message may take to come whole, and a new connection to bring its first. */
const MESSAGE_TIMEOUT_MS = 30_000;
/** What may wait for a peer that reads slowly. More, and its connection is closed. */
const MAX_UNSENT_BYTES = 1024 * 1024;
/** TCP's own probes find peers that are gone without a word. */
const KEEP_ALIVE_MS = 60_000;

/** One TCP or TLS connection that carries SIP. */
export interface StreamConnection {
  readonly flow: SipFlow;
  /** Never waits. A peer that reads too slowly is cut off. */
  send(bytes: Uint8Array): void;
  /** Closes when what was sent has left. */
  close(): void;
  /** Closes at once. */
  destroy(): void;
}

/** What a connection needs to know. */
export interface StreamConnectionOptions {
  readonly socket: Socket;
  readonly flow: SipFlow;
  readonly receive: (input: SipInput) => void;
  readonly log: (entry: Extract<SipAction, { type: 'log' }>) => void;
  /** The connection is gone. Called once, before the endpoint is told. */
  readonly closed: () => void;
}

/**
 * Runs a connection: cuts it into messages, answers pings, and closes it when the peer sends what is not SIP, leaves a
 * message half sent, stays silent too long, or does not read what it is sent. It never waits for the peer.
 */
export function runStreamConnection(options: StreamConnectionOptions): StreamConnection {
  const { socket, flow } = options;
  const framer = new StreamFramer();
  let since: 'opened' | 'served' = 'opened';
  let halfMessageTimer: NodeJS.Timeout | null = null;

  const give = (message: string, why: string): void => {
    const facts = { transport: flow.transport, remoteHost: flow.remoteHost, why };
    options.log({ type: 'log', level: 'warn', message, facts });
    socket.destroy();
  };
  const watchHalfMessage = (): void => {
    const isWaiting = framer.pendingBytes > 0 || since === 'opened';
    if (!isWaiting && halfMessageTimer !== null) {
      clearTimeout(halfMessageTimer);
      halfMessageTimer = null;
    } else if (isWaiting && halfMessageTimer === null) {
      halfMessageTimer = setTimeout(
        () => give('sip connection closed', 'no whole message in time'),
        MESSAGE_TIMEOUT_MS,
      );
    }
  };

  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  socket.setTimeout(IDLE_TIMEOUT_MS, () => give('sip connection closed', 'idle'));
  socket.on('data', (chunk) => {
    for (const framed of framer.push(chunk)) {
      since = 'served';
      if (framed.type === 'message') {
        // The timer is per message: the next one has its own time.
        if (halfMessageTimer !== null) clearTimeout(halfMessageTimer);
        halfMessageTimer = null;
        options.receive({ type: 'received', flow, bytes: framed.bytes });
      } else if (framed.type === 'ping') {
        socket.write('\r\n');
      } else {
        give('sip connection closed', framed.why);
      }
    }
    watchHalfMessage();
  });
  // What went wrong is told by `close`, which always follows.
  socket.on('error', () => {});
  socket.on('close', () => {
    if (halfMessageTimer !== null) clearTimeout(halfMessageTimer);
    options.closed();
    options.receive({ type: 'flow-closed', flow });
  });
  watchHalfMessage();

  return {
    flow,
    send: (bytes) => {
      if (socket.destroyed) return;
      if (socket.writableLength + bytes.length > MAX_UNSENT_BYTES) {
        give('sip connection closed', 'the peer does not read');
      } else {
        socket.write(bytes);
      }
    },
    close: () => socket.destroySoon(),
    destroy: () => socket.destroy(),
  };
}
