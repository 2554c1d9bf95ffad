import { WebSocket } from 'ws';
import type { LiveAction, LivePerson, LiveServerMessage } from '../../server/panel/api/live-api.ts';
import { pause } from './phone-media.ts';

const ANSWER_MS = 5000;

/** A page's live feed without a page: who is in the room, and what the server says of it. */
export class LiveViewer {
  readonly people = new Map<string, LivePerson>();
  /** Why the feed is over, or null. */
  ended: string | null = null;
  /** Own seat. */
  you = '';
  readonly #socket: WebSocket;
  readonly #answers = new Map<number, string>();
  #requests = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => {
      // The product's own words: a test that cannot read them fails anyhow.
      this.#take(JSON.parse(data.toString('utf8')) as LiveServerMessage);
    });
  }

  /** Comes back with the first snapshot, or with the end. */
  static async watch(url: string, credential: string): Promise<LiveViewer> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/live`, { origin: url });
    const viewer = new LiveViewer(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    socket.send(JSON.stringify({ type: 'watch', credential }));
    await viewer.until(() => viewer.you !== '' || viewer.ended !== null);
    return viewer;
  }

  /** `here` and `away` of all in the room, in the order in which they came. */
  get presence(): string {
    return [...this.people.values()].map(({ presence }) => presence).join(' ');
  }

  /** Clicks; `done` or why not. */
  async act(action: LiveAction): Promise<string> {
    this.#requests += 1;
    const requestId = this.#requests;
    this.#socket.send(JSON.stringify({ type: 'act', requestId, action }));
    await this.until(() => this.#answers.has(requestId));
    return this.#answers.get(requestId) ?? '';
  }

  /** Waits until something holds. @throws when it does not in time. */
  async until(holds: () => boolean, withinMs = ANSWER_MS): Promise<void> {
    const endMs = performance.now() + withinMs;
    while (!holds() && performance.now() < endMs) await pause(20);
    if (!holds()) throw new Error(`not within ${withinMs} ms; in the room: ${this.presence}`);
  }

  close(): void {
    this.#socket.terminate();
  }

  #take(message: LiveServerMessage): void {
    switch (message.type) {
      case 'snapshot':
        this.you = message.you;
        this.people.clear();
        for (const person of message.people) this.people.set(person.personId, person);
        return;
      case 'person':
        this.people.set(message.person.personId, message.person);
        return;
      case 'left':
        this.people.delete(message.personId);
        return;
      case 'done':
        this.#answers.set(message.requestId, 'done');
        return;
      case 'refused':
        this.#answers.set(message.requestId, message.why);
        return;
      case 'end':
        this.ended = message.why;
        return;
      default:
    }
  }
}
