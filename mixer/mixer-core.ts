import { assertNever } from './protocol/coded-error.ts';
import { DTMF_KEYS } from './protocol/dtmf.ts';
import type { LegHandover, ReceptionSnapshot } from './protocol/leg-handover.ts';
import type { ClipBank, ClipName, LegId, MixerCommand, RoomId } from './protocol/mixer-command.ts';
import type { MixerEvent } from './protocol/mixer-event.ts';
import type { DurationMs, MonotonicMs } from './protocol/units.ts';
import { LegSession } from './leg-session.ts';
import type { MixerEnvironment, PacketCounters } from './leg-session.ts';
import { clipsOf } from './room/clip-sequence.ts';
import type { Clip } from './room/clip-sequence.ts';
import { FRAME_SAMPLES, MIX_RATE_HZ } from './room/mix-format.ts';
import { RoomLevels } from './room/room-levels.ts';
import { RoomMixer } from './room/room-mixer.ts';
import type { OpenOutcome, PacketIo, ReceivedPacket } from './transport/packet-io.ts';
import { TICK_MS } from './tick-schedule.ts';

/** Ticks between two looks at a leg's reports and timeouts: 160 ms. */
const WATCH_TICKS = 8;

/** What a mixer is made from. It has no clock, no socket and no chance of its own. */
export interface MixerParts {
  readonly io: PacketIo;
  readonly emit: (event: MixerEvent) => void;
  /** A number from 0 up to 1, anew each time; cryptographic in the product (RFC 3550 §8.1). */
  readonly random: () => number;
  /** Wallclock minus monotonic time, for the time stamps of RTCP. */
  readonly wallclockOffsetMs: DurationMs;
}

type Command<Type extends MixerCommand['type']> = Extract<MixerCommand, { readonly type: Type }>;

type LegCommand = Command<
  | 'update-leg'
  | 'close-leg'
  | 'detach-leg'
  | 'join-room'
  | 'leave-room'
  | 'set-microphone'
  | 'set-gains'
  | 'set-music'
  | 'play-to-leg'
  | 'stop-play'
  | 'send-dtmf'
>;

interface Room {
  readonly mixer: RoomMixer;
  readonly levels: RoomLevels;
}

/**
 * One worker's legs and rooms. Commands, packets and ticks come in as calls; what happens goes out through `emit`, and
 * packets through the `PacketIo`. Nothing is allocated for a packet or a tick once a leg is set up.
 */
export class MixerCore {
  readonly #environment: MixerEnvironment;
  readonly #legs = new Map<LegId, LegSession>();
  readonly #rooms = new Map<RoomId, Room>();
  /** The same as in the maps: for the tick, which must not make iterators. A leg's place is its index. */
  readonly #legList: (LegSession | undefined)[] = [];
  readonly #roomList: Room[] = [];
  #clips: ReadonlyMap<ClipName, Clip> = new Map();
  #ticks = 0;

  constructor(parts: MixerParts) {
    const counters: PacketCounters = { packetsIn: 0, packetsOut: 0, packetsRefused: 0 };
    this.#environment = { ...parts, counters };
    parts.io.receive((packet) => this.packetIn(packet));
  }

  get legCount(): number {
    return this.#legs.size;
  }

  get roomCount(): number {
    return this.#rooms.size;
  }

  /** Packets since the last call. */
  takeCounters(): Readonly<PacketCounters> {
    const { counters } = this.#environment;
    const taken = { ...counters };
    counters.packetsIn = 0;
    counters.packetsOut = 0;
    counters.packetsRefused = 0;
    return taken;
  }

  /** Does what the main thread asks. */
  handle(command: MixerCommand, nowMs: MonotonicMs): void {
    switch (command.type) {
      case 'load-clips':
        return this.#loadClips(command.bank);
      case 'open-leg':
        return this.#open(command, this.#newLeg(command), nowMs);
      case 'attach-leg':
        return this.#attach(command, nowMs);
      case 'open-room':
        return this.#openRoom(command);
      case 'close-room':
        return this.#closeRoom(command);
      case 'play-to-room':
        return this.#playToRoom(command);
      case 'shut-down':
        return this.#shutDown(nowMs);
      default:
        return this.#handleForLeg(command, nowMs);
    }
  }

  /** Takes one packet. */
  packetIn(packet: ReceivedPacket): void {
    this.#legList[packet.legIndex]?.packet(packet);
  }

  /** Mixes 20 ms in every room and sends them. */
  tick(nowMs: MonotonicMs): void {
    const { io } = this.#environment;
    io.drain();
    const rooms = this.#roomList;
    for (let i = 0; i < rooms.length; i += 1) this.#tickRoom(rooms[i], nowMs);
    const legs = this.#legList;
    for (let i = 0; i < legs.length; i += 1) {
      const session = legs[i];
      if (session === undefined) continue;
      if (session.room === null) session.leg.tickAlone(nowMs);
      // What is not audio can wait: each leg has its turn, so that they do not all come in one tick.
      if ((i + this.#ticks) % WATCH_TICKS === 0) session.watch(nowMs);
    }
    this.#ticks = (this.#ticks + 1) % WATCH_TICKS;
    io.flush();
  }

  /** Moves time on by ticks that will never run: the machine was stopped for a while. */
  skip(ticks: number): void {
    for (const session of this.#legs.values()) session.leg.out.skip(ticks);
  }

  #tickRoom(room: Room | undefined, nowMs: MonotonicMs): void {
    if (room === undefined) return;
    room.mixer.tick(nowMs);
    const legs = room.levels.tick(room.mixer.legs, nowMs);
    if (legs === null) return;
    this.#environment.emit({ type: 'levels', roomId: room.mixer.roomId, legs });
  }

  #handleForLeg(command: LegCommand, nowMs: MonotonicMs): void {
    const session = this.#legs.get(command.legId);
    if (session === undefined) {
      this.#refuse(command, 'no such leg');
      return;
    }
    const { leg } = session;
    switch (command.type) {
      case 'update-leg':
        return session.update(command.media);
      case 'close-leg':
        return this.#close(session, nowMs);
      case 'detach-leg':
        return this.#detach(session, nowMs);
      case 'join-room':
        return this.#join(session, command);
      case 'leave-room':
        return this.#leave(session);
      case 'set-microphone':
        return leg.setMicrophone(command.microphone);
      case 'set-gains':
        return leg.setGains(command);
      case 'set-music':
        return leg.setMusic(command.music);
      case 'play-to-leg':
        return leg.play({ ...command, clips: this.#clipsFor(command) });
      case 'stop-play':
        return leg.stopPlay();
      case 'send-dtmf':
        return this.#press(session, command);
      default:
        return assertNever(command);
    }
  }

  #loadClips(bank: ClipBank): void {
    if (bank.sampleRateHz !== MIX_RATE_HZ) {
      this.#environment.emit({
        type: 'command-refused',
        command: 'load-clips',
        reason: `rooms mix at ${MIX_RATE_HZ} Hz`,
      });
      return;
    }
    this.#clips = clipsOf(bank);
    for (const session of this.#legs.values()) session.leg.loadMusic(this.#music);
  }

  get #music(): Clip | null {
    return this.#clips.get('music') ?? null;
  }

  /** The recordings that a playback names. One that is missing is left out, so that the playback still ends. */
  #clipsFor(command: Command<'play-to-leg' | 'play-to-room'>): readonly Clip[] {
    const found: Clip[] = [];
    for (const name of command.clips) {
      const clip = this.#clips.get(name);
      if (clip === undefined) this.#refuse(command, `no clip ${JSON.stringify(name)}`);
      else if (clip.length > 0) found.push(clip);
    }
    return found;
  }

  /** A leg that is new begins like one that is handed over, with numbers nobody can guess (RFC 3550 §5.1). */
  #newLeg(command: Command<'open-leg'>): LegHandover {
    const { host, port, media, rtpTimeoutMs } = command;
    return {
      host,
      port,
      media,
      rtpTimeoutMs,
      ssrcOut: this.#random(2 ** 32),
      cname: `${this.#random(2 ** 32).toString(36)}${this.#random(2 ** 32).toString(36)}`,
      sequenceNumberOut: this.#random(2 ** 16),
      rtpTimestampOut: this.#random(2 ** 32),
      packetsOut: 0,
      octetsOut: 0,
      dueAtMs: 0,
      latched: null,
      reception: NOTHING_RECEIVED,
      dtmfMethod: null,
      microphone: 'live',
      talkGainDb: 0,
      listenGainDb: 0,
      music: 'off',
    };
  }

  #random(below: number): number {
    return Math.floor(this.#environment.random() * below);
  }

  #attach(command: Command<'attach-leg'>, nowMs: MonotonicMs): void {
    const { handover } = command;
    const elapsedTicks = Math.max(0, Math.round((nowMs - handover.dueAtMs) / TICK_MS));
    const rtpTimestampOut = (handover.rtpTimestampOut + elapsedTicks * FRAME_SAMPLES) % 2 ** 32;
    this.#open(command, { ...handover, rtpTimestampOut }, nowMs);
  }

  #open(command: Command<'open-leg' | 'attach-leg'>, state: LegHandover, nowMs: MonotonicMs): void {
    const { legId } = command;
    if (this.#legs.has(legId)) {
      this.#refuse(command, 'leg is open already');
      return;
    }
    const vacant = this.#legList.indexOf(undefined);
    const index = vacant === -1 ? this.#legList.length : vacant;
    const session = new LegSession({ index, legId, state }, this.#environment, nowMs);
    session.leg.loadMusic(this.#music);
    this.#legs.set(legId, session);
    this.#legList[index] = session;
    this.#environment.io.open({
      legIndex: index,
      host: state.host,
      port: state.port,
      sockets: command.type === 'attach-leg' ? 'parked' : 'new',
      done: (outcome) => this.#opened(session, outcome),
    });
  }

  #opened(session: LegSession, outcome: OpenOutcome): void {
    const { io, emit } = this.#environment;
    const { legId, index } = session;
    if (this.#legs.get(legId) !== session) {
      // Closed while it was opening: its place was kept until now.
      if (outcome.result === 'ok') io.close(index);
      this.#legList[index] = undefined;
      return;
    }
    if (outcome.result === 'ok') {
      session.opened();
      emit({ type: 'leg-opened', legId });
      return;
    }
    this.#forget(session);
    this.#legList[index] = undefined;
    emit({ type: 'leg-open-failed', legId, error: outcome.result, reason: outcome.reason });
  }

  #forget(session: LegSession): void {
    session.leg.stopPlay();
    this.#leave(session);
    this.#legs.delete(session.legId);
    if (session.sockets === 'open') this.#legList[session.index] = undefined;
  }

  #close(session: LegSession, nowMs: MonotonicMs): void {
    this.#forget(session);
    session.close(nowMs);
    const { legId, statistics } = session;
    this.#environment.emit({ type: 'leg-closed', legId, statistics });
  }

  #detach(session: LegSession, nowMs: MonotonicMs): void {
    this.#forget(session);
    const handover = session.detach(nowMs);
    this.#environment.emit({ type: 'leg-detached', legId: session.legId, handover });
  }

  #press(session: LegSession, command: Command<'send-dtmf'>): void {
    const outcome = session.leg.out.press(DTMF_KEYS.indexOf(command.key));
    if (outcome === 'refused') this.#refuse(command, 'no telephone-event, or too many keys');
  }

  #openRoom(command: Command<'open-room'>): void {
    const { roomId } = command;
    if (this.#rooms.has(roomId)) {
      this.#refuse(command, 'room is open already');
      return;
    }
    const mixer = new RoomMixer(roomId, (playId, outcome) =>
      this.#environment.emit({ type: 'play-ended', playId, legId: null, outcome }),
    );
    const room: Room = { mixer, levels: new RoomLevels() };
    this.#rooms.set(roomId, room);
    this.#roomList.push(room);
  }

  #closeRoom(command: Command<'close-room'>): void {
    const room = this.#rooms.get(command.roomId);
    if (room === undefined) {
      this.#refuse(command, 'no such room');
      return;
    }
    for (const session of this.#legs.values()) {
      if (session.room === room.mixer) this.#leave(session);
    }
    room.mixer.prompts.stop();
    this.#rooms.delete(command.roomId);
    this.#roomList.splice(this.#roomList.indexOf(room), 1);
  }

  #join(session: LegSession, command: Command<'join-room'>): void {
    const room = this.#rooms.get(command.roomId);
    if (room === undefined) {
      this.#refuse(command, 'no such room');
      return;
    }
    this.#leave(session);
    session.room = room.mixer;
    room.mixer.add(session.leg);
  }

  #leave(session: LegSession): void {
    session.room?.remove(session.leg);
    session.room = null;
  }

  #playToRoom(command: Command<'play-to-room'>): void {
    const room = this.#rooms.get(command.roomId);
    if (room === undefined) {
      this.#refuse(command, 'no such room');
      return;
    }
    const { playId, exceptLegId } = command;
    const whenWaiting = command.clips.every(isSound) ? 'once' : 'each';
    room.mixer.prompts.play({
      playId,
      exceptLegId,
      clips: this.#clipsFor(command),
      whenWaiting,
    });
  }

  #shutDown(nowMs: MonotonicMs): void {
    for (const session of [...this.#legs.values()]) this.#close(session, nowMs);
    for (const roomId of [...this.#rooms.keys()]) this.#closeRoom({ type: 'close-room', roomId });
    this.#environment.emit({ type: 'stopped' });
  }

  #refuse(command: MixerCommand, reason: string): void {
    this.#environment.emit({ type: 'command-refused', command: command.type, reason });
  }
}

/** Whether a clip is a sound, not speech: what is spoken lies in the folder of its language. */
function isSound(clip: ClipName): boolean {
  return !clip.includes('/');
}

/** Reception of a leg that has received nothing. */
const NOTHING_RECEIVED: ReceptionSnapshot = {
  started: false,
  ssrcIn: 0,
  baseSequenceNumber: 0,
  extendedHighestSequenceNumber: 0,
  packetsReceived: 0,
  expectedPrior: 0,
  receivedPrior: 0,
  jitter: 0,
  transit: 0,
};
