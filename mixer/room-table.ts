import type { LegId, RoomId } from './protocol/mixer-command.ts';
import type { MixerEvent } from './protocol/mixer-event.ts';
import type { MonotonicMs } from './protocol/units.ts';
import type { LegSession } from './leg-session.ts';
import type { Clip } from './room/clip-sequence.ts';
import type { OpusTuning } from './room/opus-tuning.ts';
import { RoomLevels } from './room/room-levels.ts';
import { RoomMixer } from './room/room-mixer.ts';

interface Room {
  readonly mixer: RoomMixer;
  readonly levels: RoomLevels;
}

/** A playback to a whole room, its recordings found. */
interface RoomPlayback {
  readonly roomId: RoomId;
  readonly playId: number;
  readonly clips: readonly Clip[];
  readonly exceptLegId: LegId | null;
  readonly whenWaiting: 'once' | 'each';
}

/** What came of asking for something: `refused` says why, in a phrase for the log. */
export type RoomOutcome = 'done' | 'room is open already' | 'no such room';

/** The rooms of one worker and who is in them. */
export class RoomTable {
  readonly #emit: (event: MixerEvent) => void;
  readonly #tuning: OpusTuning;
  readonly #byId = new Map<RoomId, Room>();
  /** The same as in the map: for the tick, which must not make iterators. */
  readonly #list: Room[] = [];

  constructor(emit: (event: MixerEvent) => void, tuning: OpusTuning) {
    this.#emit = emit;
    this.#tuning = tuning;
  }

  get count(): number {
    return this.#list.length;
  }

  get ids(): readonly RoomId[] {
    return [...this.#byId.keys()];
  }

  open(roomId: RoomId): RoomOutcome {
    if (this.#byId.has(roomId)) return 'room is open already';
    const mixer = new RoomMixer(
      roomId,
      (playId, outcome) => this.#emit({ type: 'play-ended', playId, legId: null, outcome }),
      this.#tuning,
    );
    const room: Room = { mixer, levels: new RoomLevels() };
    this.#byId.set(roomId, room);
    this.#list.push(room);
    return 'done';
  }

  /** `sessions` — all of the worker; those inside go on alone. */
  close(roomId: RoomId, sessions: Iterable<LegSession>): RoomOutcome {
    const room = this.#byId.get(roomId);
    if (room === undefined) return 'no such room';
    for (const session of sessions) if (session.room === room.mixer) this.leave(session);
    room.mixer.prompts.stop();
    room.mixer.free();
    this.#byId.delete(roomId);
    this.#list.splice(this.#list.indexOf(room), 1);
    return 'done';
  }

  join(session: LegSession, roomId: RoomId): RoomOutcome {
    const room = this.#byId.get(roomId);
    if (room === undefined) return 'no such room';
    this.leave(session);
    session.room = room.mixer;
    room.mixer.add(session.leg);
    return 'done';
  }

  leave(session: LegSession): void {
    session.room?.remove(session.leg);
    session.room = null;
  }

  play({ roomId, ...play }: RoomPlayback): RoomOutcome {
    const room = this.#byId.get(roomId);
    if (room === undefined) return 'no such room';
    room.mixer.prompts.play(play);
    return 'done';
  }

  /** Mixes 20 ms in every room and sends them; tells of levels. */
  tick(nowMs: MonotonicMs): void {
    const rooms = this.#list;
    for (let i = 0; i < rooms.length; i += 1) this.#tickRoom(rooms[i], nowMs);
  }

  #tickRoom(room: Room | undefined, nowMs: MonotonicMs): void {
    if (room === undefined) return;
    room.mixer.tick(nowMs);
    const legs = room.levels.tick(room.mixer.legs, nowMs);
    if (legs !== null) this.#emit({ type: 'levels', roomId: room.mixer.roomId, legs });
  }
}
