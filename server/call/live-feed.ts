import type { LegId } from '../../mixer/protocol/mixer-command.ts';
import type { MixerEvent } from '../../mixer/protocol/mixer-event.ts';
import type { LiveViewer, LiveWatch } from '../guest/live-watch.ts';
import type { Seat, SeatId } from '../guest/seat.ts';
import type {
  LiveAction,
  LiveClientMessage,
  LiveEnd,
  LivePerson,
  LiveServerMessage,
} from '../panel/api/live-api.ts';
import type { ClickOutcome } from '../room/room-message.ts';
import type { RoomView } from '../room/room-view.ts';
import type { Now } from './front-desk.ts';
import { peopleChanged, personOf, roomDiffers, roomStateOf } from './live-picture.ts';
import type { LiveChange, LiveLevels, Loudness } from './live-picture.ts';

/** What the feed works with. */
export interface LiveFeedOptions {
  readonly seatOf: (credential: string) => Seat | null;
  /** The seat's room as it is now; an empty picture when nobody is in it. */
  readonly viewOf: (seat: Seat) => RoomView;
  /** Somebody clicked. `clicked` is called with the number, now or later. */
  readonly act: (seat: Seat, action: LiveAction, clickId: number) => void;
  readonly now: () => Now;
}

interface Viewer {
  readonly seat: Seat;
  readonly channel: Channel;
  readonly send: (message: LiveServerMessage) => void;
}

/** What all viewers of one room have been shown. */
interface Channel {
  readonly roomId: string;
  readonly viewers: Set<Viewer>;
  readonly loudness: Map<LegId, Loudness>;
  seq: number;
  shown: RoomView;
}

type Levels = Extract<MixerEvent, { readonly type: 'levels' }>;

/** Most clicks that wait for their answer; a room answers at once, but for those it is busy with. */
const MAX_PENDING = 10_000;

/**
 * The live view of rooms for those who have a seat in them: a picture first, then every change of it, numbered without a
 * gap; and their clicks. Rooms that nobody watches cost nothing.
 */
export class LiveFeed implements LiveWatch {
  readonly #options: LiveFeedOptions;
  readonly #channels = new Map<string, Channel>();
  readonly #bySeat = new Map<SeatId, Viewer>();
  readonly #clicks = new Map<number, { readonly viewer: Viewer; readonly requestId: number }>();
  #lastClickId = 0;

  constructor(options: LiveFeedOptions) {
    this.#options = options;
  }

  /** A later watch of the same seat, in another tab or after a reconnection, ends the one before. */
  watch(credential: string, send: (message: LiveServerMessage) => void): LiveViewer | null {
    const seat = this.#options.seatOf(credential);
    if (seat === null) return null;
    this.end(seat.seatId, 'taken-over');
    const viewer: Viewer = { seat, channel: this.#channelOf(seat), send };
    viewer.channel.viewers.add(viewer);
    this.#bySeat.set(seat.seatId, viewer);
    this.#snapshot(viewer);
    return {
      receive: (message) => this.#receive(viewer, message),
      close: () => this.#close(viewer),
    };
  }

  /** Whether somebody watches from this seat. */
  isWatched(seatId: SeatId): boolean {
    return this.#bySeat.has(seatId);
  }

  /** A room looks like this now. */
  changed(roomId: string, view: RoomView): void {
    const channel = this.#channels.get(roomId);
    if (channel === undefined || channel.shown === view) return;
    const { shown, loudness } = channel;
    channel.shown = view;
    const legs = new Set(view.people.map((person) => person.legId));
    for (const legId of loudness.keys()) if (!legs.has(legId)) loudness.delete(legId);
    const { left, changed } = peopleChanged(shown, view);
    for (const personId of left) this.#tell(channel, { type: 'left', personId });
    for (const person of changed) {
      this.#tell(channel, { type: 'person', person: livePerson(channel, person) });
    }
    if (roomDiffers(shown, view)) {
      this.#tell(channel, { type: 'room', room: roomStateOf(view, this.#options.now()) });
    }
  }

  /** Levels from the mixer. Legs that are left out are as they were. */
  levels({ roomId, legs }: Levels): void {
    const channel = this.#channels.get(roomId);
    if (channel === undefined) return;
    const people = new Map(channel.shown.people.map((person) => [person.legId, person]));
    const levels: LiveLevels[number][] = [];
    for (const { legId, levelDbov, speaking } of legs) {
      const person = people.get(legId);
      if (person === undefined) continue;
      const before = livePerson(channel, person);
      channel.loudness.set(legId, { levelDbov, speaking });
      const after = livePerson(channel, person);
      if (before.levelDbov === after.levelDbov && before.speaking === after.speaking) continue;
      levels.push({
        personId: after.personId,
        levelDbov: after.levelDbov,
        speaking: after.speaking,
      });
    }
    if (levels.length === 0) return;
    for (const { send } of [...channel.viewers]) send({ type: 'levels', levels });
  }

  /** What became of a click. Its viewer may be gone by then. */
  clicked(clickId: number, outcome: ClickOutcome): void {
    const click = this.#clicks.get(clickId);
    this.#clicks.delete(clickId);
    if (click === undefined || !isOpen(click.viewer)) return;
    const { requestId, viewer } = click;
    viewer.send(
      outcome === 'done'
        ? { type: 'done', requestId }
        : { type: 'refused', requestId, why: outcome },
    );
  }

  /** Tells whoever watches from this seat why it is over. */
  end(seatId: SeatId, why: LiveEnd): void {
    const viewer = this.#bySeat.get(seatId);
    if (viewer === undefined) return;
    this.#close(viewer);
    viewer.send({ type: 'end', why });
  }

  /** Ends every feed. */
  endAll(why: LiveEnd): void {
    for (const seatId of [...this.#bySeat.keys()]) this.end(seatId, why);
  }

  #receive(viewer: Viewer, message: LiveClientMessage): void {
    if (!isOpen(viewer)) return;
    switch (message.type) {
      case 'resync':
        return this.#snapshot(viewer);
      case 'ping':
        return viewer.send({ type: 'pong' });
      case 'act':
        return this.#click(viewer, message);
      case 'watch':
        return;
    }
  }

  #click(viewer: Viewer, message: Extract<LiveClientMessage, { readonly type: 'act' }>): void {
    const { requestId, action } = message;
    this.#lastClickId += 1;
    const clickId = this.#lastClickId;
    if (this.#clicks.size >= MAX_PENDING) this.#clicks.clear();
    this.#clicks.set(clickId, { viewer, requestId });
    this.#options.act(viewer.seat, action, clickId);
  }

  #close(viewer: Viewer): void {
    const { channel, seat } = viewer;
    channel.viewers.delete(viewer);
    if (this.#bySeat.get(seat.seatId) === viewer) this.#bySeat.delete(seat.seatId);
    if (channel.viewers.size === 0) this.#channels.delete(channel.roomId);
  }

  #channelOf(seat: Seat): Channel {
    const { roomId } = seat.terms;
    const known = this.#channels.get(roomId);
    if (known !== undefined) return known;
    const shown = this.#options.viewOf(seat);
    const channel: Channel = { roomId, viewers: new Set(), loudness: new Map(), seq: 0, shown };
    this.#channels.set(roomId, channel);
    return channel;
  }

  #snapshot({ seat, channel, send }: Viewer): void {
    const { shown, seq } = channel;
    send({
      type: 'snapshot',
      seq,
      you: seat.seatId,
      room: roomStateOf(shown, this.#options.now()),
      people: shown.people.map((person) => livePerson(channel, person)),
    });
  }

  #tell(channel: Channel, change: LiveChange): void {
    channel.seq += 1;
    const message: LiveServerMessage = { ...change, seq: channel.seq };
    for (const { send } of [...channel.viewers]) send(message);
  }
}

function isOpen(viewer: Viewer): boolean {
  return viewer.channel.viewers.has(viewer);
}

function livePerson(channel: Channel, person: RoomView['people'][number]): LivePerson {
  const { legId } = person;
  return personOf(person, legId === null ? undefined : channel.loudness.get(legId));
}
