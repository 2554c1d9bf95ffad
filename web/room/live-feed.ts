import type {
  LiveAction,
  LiveClientMessage,
  LiveServerMessage,
} from '../../server/panel/api/live-api.ts';

/** What the feed tells its owner. */
export interface LiveFeedEvents {
  readonly message: (message: LiveServerMessage) => void;
  /** The way is lost, or there again. */
  readonly way: (way: 'open' | 'lost') => void;
}

/** One WebSocket `/live`, opened again with growing pauses until it is closed. */
export interface LiveFeed {
  /** Watches with this credential, from now on. */
  readonly watch: (credential: string) => void;
  /** Sends an action; null while there is no way. The number comes back with `done` or `refused`. */
  readonly act: (action: LiveAction) => number | null;
  readonly resync: () => void;
  /** Tries at once, as after a change of network. */
  readonly hurry: () => void;
  readonly close: () => void;
}

const PAUSES_MS = [500, 1000, 2000, 4000] as const;
const PING_MS = 10_000;
/** Without an answer for that long the connection is a dead one. */
const SILENCE_MS = 5000;

/** Opens nothing yet: `watch` does. `url`: `wss://…/live`. */
export function createLiveFeed(url: string, events: LiveFeedEvents): LiveFeed {
  return new Feed(url, events);
}

class Feed implements LiveFeed {
  readonly #url: string;
  readonly #events: LiveFeedEvents;
  #credential = '';
  #socket: WebSocket | null = null;
  #tries = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #ping: ReturnType<typeof setInterval> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #requests = 0;
  #watched: 'no' | 'yes' = 'no';

  constructor(url: string, events: LiveFeedEvents) {
    this.#url = url;
    this.#events = events;
  }

  readonly watch = (credential: string): void => {
    this.#credential = credential;
    this.#tries = 0;
    this.#open();
  };

  readonly act = (action: LiveAction): number | null => {
    if (this.#watched === 'no') return null;
    this.#requests += 1;
    return this.#send({ type: 'act', requestId: this.#requests, action }) ? this.#requests : null;
  };

  readonly resync = (): void => {
    this.#send({ type: 'resync' });
  };

  readonly hurry = (): void => {
    if (this.#credential === '') return;
    if (this.#socket === null) this.#open();
    else this.#ask();
  };

  readonly close = (): void => {
    this.#credential = '';
    this.#drop();
  };

  #open(): void {
    this.#drop();
    let socket: WebSocket;
    try {
      socket = new WebSocket(this.#url);
    } catch {
      // An address that the browser refuses: as good as a server that is away.
      this.#later();
      return;
    }
    this.#socket = socket;
    this.#awaitAnswer();
    socket.onopen = () => {
      this.#send({ type: 'watch', credential: this.#credential });
      this.#ping = setInterval(() => this.#ask(), PING_MS);
    };
    socket.onmessage = (event) => {
      // What a dropped one still says is old.
      if (this.#socket === socket) this.#heard(event.data);
    };
    socket.onclose = () => {
      if (this.#socket !== socket) return;
      this.#lost();
    };
  }

  #heard(data: unknown): void {
    clearTimeout(this.#silence);
    const message = typeof data === 'string' ? parsed(data) : null;
    if (message === null) return;
    if (message.type === 'snapshot') {
      this.#tries = 0;
      if (this.#watched === 'no') {
        this.#watched = 'yes';
        this.#events.way('open');
      }
    }
    this.#events.message(message);
  }

  #ask(): void {
    if (this.#send({ type: 'ping' })) this.#awaitAnswer();
  }

  #awaitAnswer(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#lost(), SILENCE_MS);
  }

  #lost(): void {
    this.#drop();
    this.#later();
  }

  #later(): void {
    if (this.#credential === '') return;
    const pauseMs = PAUSES_MS[Math.min(this.#tries, PAUSES_MS.length - 1)] ?? 4000;
    this.#tries += 1;
    this.#retry = setTimeout(() => this.#open(), pauseMs);
  }

  #drop(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#silence);
    clearInterval(this.#ping);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    if (this.#watched === 'no') return;
    this.#watched = 'no';
    this.#events.way('lost');
  }

  #send(message: LiveClientMessage): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }
}

const TYPES = ['snapshot', 'person', 'left', 'room', 'levels', 'done', 'refused', 'pong', 'end'];

/** A message of a type that we know; newer servers may say more. */
function parsed(text: string): LiveServerMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // A cut frame: the next snapshot makes up for it.
    return null;
  }
  return isMessage(value) ? value : null;
}

function isMessage(value: unknown): value is LiveServerMessage {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    typeof value.type === 'string' &&
    TYPES.includes(value.type)
  );
}
