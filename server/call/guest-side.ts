import type { MixerEvent } from '../../mixer/protocol/mixer-event.ts';
import type { Config } from '../config/config.ts';
import type { LiveWatch } from '../guest/live-watch.ts';
import type { GuestEntrance, Seat, SeatId } from '../guest/seat.ts';
import type { LiveEnd } from '../panel/api/live-api.ts';
import type { ClickOutcome, ExpelWhy } from '../room/room-message.ts';
import type { RoomView } from '../room/room-view.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Random } from '../runtime/random.ts';
import type { InboundInvite } from '../sip/user-agent.ts';
import type { FrontDesk, Now } from './front-desk.ts';
import { GuestDesk } from './guest-desk.ts';
import type { GuestAdmission } from './guest-desk.ts';
import { LiveFeed } from './live-feed.ts';
import type { LiveRooms } from './live-rooms.ts';
import type { RoomDirectory } from './room-directory.ts';
import { SeatBook } from './seat-book.ts';
import type { SeatLimits } from './seat-book.ts';

/** What the side of the guests works with. */
export interface GuestSideOptions {
  readonly config: () => Config;
  readonly directory: RoomDirectory;
  readonly desk: FrontDesk;
  readonly rooms: LiveRooms;
  /** Whether the join link of this id was not revoked. */
  readonly linkStands: (linkId: string) => boolean;
  readonly random: Random;
  readonly log: Logger;
  readonly now: () => Now;
  readonly isReady: () => boolean;
  readonly isStopping: () => boolean;
  /** Whether a seat has a call. */
  readonly hasCall: (seatId: SeatId) => boolean;
  /** The calls of a seat that was given up end. */
  readonly hangUp: (seatId: SeatId) => void;
}

/** Seats of a room for each of its participants: reloaded pages leave some behind. */
const SEATS_PER_PARTICIPANT = 4;
const HOUR_MS = 3_600_000;

const ENDS: Readonly<Record<ExpelWhy, LiveEnd>> = {
  removed: 'removed',
  'reservation-ended': 'reservation-ended',
  'ended-by-moderator': 'ended-by-moderator',
  'host-left': 'host-left',
  deleted: 'reservation-deleted',
};

/** All that the switchboard has for browsers besides their calls: seats, who gets one, and the live view. */
export class GuestSide {
  readonly #options: GuestSideOptions;
  readonly #seats: SeatBook;
  readonly #desk: GuestDesk;
  readonly #feed: LiveFeed;

  constructor(options: GuestSideOptions) {
    const { rooms, now, random } = options;
    this.#options = options;
    this.#seats = new SeatBook({
      random,
      limits: () => this.#limits(),
      isIdle: (seat) => this.#isIdle(seat),
      expired: (seatId) => this.#feed.end(seatId, 'seat-expired'),
    });
    this.#desk = new GuestDesk({
      ...options,
      seats: this.#seats,
      left: (seat) => this.#left(seat),
    });
    this.#feed = new LiveFeed({
      seatOf: (credential) => this.#desk.seatOf(credential),
      viewOf: ({ terms }) => rooms.viewOf(terms),
      overFor: (seat) => this.#desk.overFor(seat),
      act: ({ seatId, terms }, action, clickId) => {
        const said = { by: 'click', clickId } as const;
        rooms.act(terms.roomId, { participantId: seatId, action, said });
      },
      now,
    });
  }

  /** Where the panel asks for seats. */
  get entrance(): GuestEntrance {
    return this.#desk;
  }

  /** Where the panel gets live feeds. */
  get live(): LiveWatch {
    return this.#feed;
  }

  /** Judges a browser's INVITE. */
  admit(invite: InboundInvite): GuestAdmission {
    return this.#desk.admit(invite);
  }

  /** Somebody was put out of a room: a guest's seat is over with it. */
  expelled(seatId: SeatId, why: ExpelWhy): void {
    this.#seats.giveUp(seatId);
    this.#feed.end(seatId, ENDS[why]);
  }

  /** A room looks different now. */
  changed(roomId: string, view: RoomView): void {
    for (const { personId } of view.people) this.#seats.entered(personId);
    this.#feed.changed(roomId, view);
  }

  /** Reservations, links or settings may be others now. */
  refresh(): void {
    this.#feed.refresh();
  }

  /** What became of a click. */
  clicked(clickId: number, outcome: ClickOutcome): void {
    this.#feed.clicked(clickId, outcome);
  }

  /** Levels from the mixer. */
  levels(event: Extract<MixerEvent, { readonly type: 'levels' }>): void {
    this.#feed.levels(event);
  }

  /** The server stops: every viewer is told. */
  stop(): void {
    this.#feed.endAll('server-stopping');
  }

  /** A place in the room is kept for a while without a call. Who only watches has none, and keeps no seat by it. */
  #isIdle({ seatId, terms }: Seat): boolean {
    const { hasCall, rooms } = this.#options;
    if (hasCall(seatId)) return false;
    return !rooms.viewOf(terms).people.some(({ personId }) => personId === seatId);
  }

  #left({ seatId, terms }: Seat): void {
    this.#feed.end(seatId, 'left');
    this.#options.rooms.leave(terms.roomId, seatId, null);
    this.#options.hangUp(seatId);
  }

  #limits(): SeatLimits {
    const { webrtc } = this.#options.config();
    return {
      lifetimeMs: webrtc.seatHours * HOUR_MS,
      perAddress: webrtc.connectionsPerAddress,
      perParticipant: SEATS_PER_PARTICIPANT,
      altogether: webrtc.maxConnections,
    };
  }
}
