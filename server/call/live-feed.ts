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
  /** Why the seat of somebody outside the room is over; null while it holds. */
  readonly overFor: (seat: Seat) => LiveEnd | null;
  readonly now: () => Now;
}

/**
 * Whoever has a place in the room, here or away, sees who else has. Whoever has not sees the room alone: nobody may
 * listen at a door where nobody sees them.
 */
interface Viewer {
  readonly seat: Seat;
  readonly channel: Channel;
  readonly send: (message: LiveServerMessage) => void;
  place: 'inside' | 'outside';
  seq: number;
}

/** What the viewers of one room have been shown, each as far as they may see it. */
interface Channel {
  readonly roomId: string;
  readonly viewers: Set<Viewer>;
  readonly loudness: Map<LegId, Loudness>;
  shown: RoomView;
}

type Levels = Extract<MixerEvent, { readonly type: 'levels' }>;

/** Most clicks that wait for their answer; a room answers at once, but for those it is busy with. */
const MAX_PENDING = 10_000;

/**
 * The live view of rooms for those who have a seat in them: a picture first, then every change of it, numbered without a
 * gap for each of them; and their clicks. Rooms that nobody watches cost nothing.
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
    const channel = this.#channelOf(seat);
    const viewer: Viewer = { seat, channel, send, place: placeOf(seat, channel.shown), seq: 0 };
    channel.viewers.add(viewer);
    this.#bySeat.set(seat.seatId, viewer);
    this.#snapshot(viewer);
    return {
      receive: (message) => this.#receive(viewer, message),
      close: () => this.#close(viewer),
    };
  }

  /** A room looks like this now. */
  changed(roomId: string, view: RoomView): void {
    const channel = this.#channels.get(roomId);
    if (channel === undefined || channel.shown === view) return;
    const { shown, loudness } = channel;
    channel.shown = view;
    const legs = new Set(view.people.map((person) => person.legId));
    for (const legId of loudness.keys()) if (!legs.has(legId)) loudness.delete(legId);
    const changes = this.#changesOf(channel, shown);
    for (const viewer of [...channel.viewers]) this.#show(viewer, changes);
    // An empty room may be one that is over, of which nobody outside was told.
    if (view.people.length === 0) this.#endOutside(channel);
  }

  /** Reservations or links may be others now: those outside whose seats ended with them are told. */
  refresh(): void {
    for (const channel of [...this.#channels.values()]) this.#endOutside(channel);
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
    for (const viewer of [...channel.viewers]) {
      if (viewer.place === 'inside' && isOpen(viewer)) viewer.send({ type: 'levels', levels });
    }
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
        // The page asks this all the time: a seat that ends by the clock alone is found here.
        return this.#endIfOver(viewer) === 'over' ? undefined : viewer.send({ type: 'pong' });
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
    const channel: Channel = { roomId, viewers: new Set(), loudness: new Map(), shown };
    this.#channels.set(roomId, channel);
    return channel;
  }

  #snapshot({ seat, channel, send, place, seq }: Viewer): void {
    const { shown } = channel;
    send({
      type: 'snapshot',
      seq,
      you: seat.seatId,
      room: roomStateOf(shown, this.#options.now()),
      people: place === 'outside' ? [] : shown.people.map((person) => livePerson(channel, person)),
    });
  }

  #changesOf(channel: Channel, before: RoomView): readonly LiveChange[] {
    const { shown } = channel;
    const { left, changed } = peopleChanged(before, shown);
    return [
      ...left.map((personId): LiveChange => ({ type: 'left', personId })),
      ...changed.map((person): LiveChange => {
        return { type: 'person', person: livePerson(channel, person) };
      }),
      ...(roomDiffers(before, shown)
        ? [{ type: 'room', room: roomStateOf(shown, this.#options.now()) } as const]
        : []),
    ];
  }

  /** Whoever has come in or gone out gets a new picture, the others what has changed in theirs. */
  #show(viewer: Viewer, changes: readonly LiveChange[]): void {
    if (!isOpen(viewer)) return;
    const place = placeOf(viewer.seat, viewer.channel.shown);
    if (place !== viewer.place) {
      viewer.place = place;
      return this.#snapshot(viewer);
    }
    for (const change of changes) {
      if (!isOpen(viewer)) return;
      if (place === 'outside' && change.type !== 'room') continue;
      viewer.seq += 1;
      viewer.send({ ...change, seq: viewer.seq });
    }
  }

  #endOutside(channel: Channel): void {
    for (const viewer of [...channel.viewers]) this.#endIfOver(viewer);
  }

  /** Those inside are told by the room itself. */
  #endIfOver(viewer: Viewer): 'over' | 'holds' {
    if (viewer.place === 'inside' || !isOpen(viewer)) return 'holds';
    const why = this.#options.overFor(viewer.seat);
    if (why === null) return 'holds';
    this.end(viewer.seat.seatId, why);
    return 'over';
  }
}

function isOpen(viewer: Viewer): boolean {
  return viewer.channel.viewers.has(viewer);
}

function placeOf({ seatId }: Seat, { people }: RoomView): Viewer['place'] {
  return people.some(({ personId }) => personId === seatId) ? 'inside' : 'outside';
}

function livePerson(channel: Channel, person: RoomView['people'][number]): LivePerson {
  const { legId } = person;
  return personOf(person, legId === null ? undefined : channel.loudness.get(legId));
}
