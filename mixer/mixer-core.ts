import { assertNever } from './protocol/coded-error.ts';
import { codecByName } from './protocol/codec.ts';
import { DTMF_KEYS } from './protocol/dtmf.ts';
import type { LegHandover } from './protocol/leg-handover.ts';
import type { ClipBank, ClipName, LegId, MixerCommand } from './protocol/mixer-command.ts';
import type { MixerEvent } from './protocol/mixer-event.ts';
import type { DurationMs, MonotonicMs } from './protocol/units.ts';
import { IceTransport } from './transport/ice-transport.ts';
import { LegSession } from './leg-session.ts';
import type { MixerEnvironment } from './leg-session.ts';
import { clipsOf } from './room/clip-sequence.ts';
import type { Clip } from './room/clip-sequence.ts';
import { MIX_RATE_HZ } from './room/mix-format.ts';
import { OpusTuning } from './room/opus-tuning.ts';
import { muxDelivery } from './mux-delivery.ts';
import { newLegState } from './new-leg-state.ts';
import { RoomTable } from './room-table.ts';
import type { RoomOutcome } from './room-table.ts';
import type { IceMux, IceMuxHandler } from './transport/ice/ice-mux.ts';
import type { PacketCounters } from './transport/leg-transport.ts';
import type { OpenOutcome, PacketIo, ReceivedPacket } from './transport/packet-io.ts';
import type { CreateSrtpSession } from './transport/srtp/srtp-session.ts';
import { TICK_MS } from './tick-schedule.ts';

/** Ticks between two looks at a leg's reports and timeouts: 160 ms. */
const WATCH_TICKS = 8;

/** What a mixer is made from. It has no clock, no socket and no chance of its own. */
export interface MixerParts {
  readonly io: PacketIo;
  /** Makes the ports that legs with ICE share. */
  readonly createMux: (handler: IceMuxHandler) => IceMux;
  readonly createSrtp: CreateSrtpSession;
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
  | 'send-dtls'
  | 'set-srtp-keys'
>;

/**
 * One worker's legs and rooms. Commands, packets and ticks come in as calls; what happens goes out through `emit`, and
 * packets through the `PacketIo`. Nothing is allocated for a packet or a tick once a leg is set up.
 */
export class MixerCore {
  readonly #environment: MixerEnvironment;
  readonly #legs = new Map<LegId, LegSession>();
  /** The same as in the map: for the tick, which must not make iterators. A leg's place is its index. */
  readonly #legList: (LegSession | undefined)[] = [];
  readonly #rooms: RoomTable;
  #clips: ReadonlyMap<ClipName, Clip> = new Map();
  #ticks = 0;

  constructor(parts: MixerParts) {
    const { io, createMux, createSrtp, emit, random, wallclockOffsetMs } = parts;
    const counters: PacketCounters = { packetsIn: 0, packetsOut: 0, packetsRefused: 0 };
    const mux = createMux(muxDelivery(this.#legList, emit));
    const tuning = new OpusTuning();
    const given = { io, mux, createSrtp, emit, random, wallclockOffsetMs };
    this.#environment = { ...given, tuning, counters };
    this.#rooms = new RoomTable(emit, tuning);
    io.receive((packet) => this.packetIn(packet));
  }

  get legCount(): number {
    return this.#legs.size;
  }

  get roomCount(): number {
    return this.#rooms.count;
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
      case 'set-opus':
        return this.#environment.tuning.set(command.settings);
      case 'open-shared-ports':
        return this.#openSharedPorts(command);
      case 'open-leg':
        return this.#openOnSockets(command, newLegState(command, this.#environment.random), nowMs);
      case 'attach-leg':
        return this.#attach(command, nowMs);
      case 'open-ice-leg':
        return this.#openOnSharedPorts(command, nowMs);
      case 'open-room':
        return this.#settle(command, this.#rooms.open(command.roomId));
      case 'close-room':
        return this.#settle(command, this.#rooms.close(command.roomId, this.#legs.values()));
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
    const { io, mux } = this.#environment;
    io.drain();
    mux.drain();
    this.#rooms.tick(nowMs);
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
    mux.flush();
  }

  /** Moves time on by ticks that will never run: the machine was stopped for a while. */
  skip(ticks: number): void {
    for (const session of this.#legs.values()) session.leg.out.skip(ticks);
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
        return session.update(command.media, nowMs);
      case 'close-leg':
        return this.#close(session, nowMs);
      case 'detach-leg':
        return this.#detach(session, command, nowMs);
      case 'join-room':
        return this.#settle(command, this.#rooms.join(session, command.roomId));
      case 'leave-room':
        return this.#rooms.leave(session);
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
      case 'send-dtls':
        return session.sendDtls(command.bytes);
      case 'set-srtp-keys':
        return session.setKeys(command);
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

  #attach(command: Command<'attach-leg'>, nowMs: MonotonicMs): void {
    const { handover } = command;
    const elapsedTicks = Math.max(0, Math.round((nowMs - handover.dueAtMs) / TICK_MS));
    const clockRateHz = codecByName(handover.media.codec)?.clockRateHz ?? MIX_RATE_HZ;
    const elapsed = elapsedTicks * ((clockRateHz * TICK_MS) / 1000);
    const rtpTimestampOut = (handover.rtpTimestampOut + elapsed) % 2 ** 32;
    this.#openOnSockets(command, { ...handover, rtpTimestampOut }, nowMs);
  }

  #openOnSockets(
    command: Command<'open-leg' | 'attach-leg'>,
    state: LegHandover,
    nowMs: MonotonicMs,
  ): void {
    const session = this.#add(command, { state, ports: 'own' }, nowMs);
    if (session === null) return;
    this.#environment.io.open({
      legIndex: session.index,
      host: state.host,
      port: state.port,
      sockets: command.type === 'attach-leg' ? 'parked' : 'new',
      done: (outcome) => this.#opened(session, outcome),
    });
  }

  #openOnSharedPorts(command: Command<'open-ice-leg'>, nowMs: MonotonicMs): void {
    const state = newLegState({ ...command, host: '', port: 0 }, this.#environment.random);
    const session = this.#add(command, { state, ports: 'shared' }, nowMs);
    if (session === null || !(session.transport instanceof IceTransport)) return;
    const isOpen = session.transport.open(nowMs) === 'opened';
    this.#opened(
      session,
      isOpen ? { result: 'ok' } : { result: 'failed', reason: 'no usable ICE credentials' },
    );
  }

  #openSharedPorts(command: Command<'open-shared-ports'>): void {
    const { mux, emit } = this.#environment;
    mux.open(command.ports, (candidates, failures) =>
      emit({ type: 'shared-ports-opened', candidates, failures }),
    );
  }

  /** Makes a leg and gives it a place; null when there is one of that id. */
  #add(
    command: Command<'open-leg' | 'attach-leg' | 'open-ice-leg'>,
    start: { readonly state: LegHandover; readonly ports: 'own' | 'shared' },
    nowMs: MonotonicMs,
  ): LegSession | null {
    const { legId } = command;
    if (this.#legs.has(legId)) {
      this.#refuse(command, 'leg is open already');
      return null;
    }
    const vacant = this.#legList.indexOf(undefined);
    const index = vacant === -1 ? this.#legList.length : vacant;
    const session = new LegSession({ index, legId, ...start }, this.#environment, nowMs);
    session.leg.loadMusic(this.#music);
    this.#legs.set(legId, session);
    this.#legList[index] = session;
    return session;
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
    session.leg.free();
    this.#legList[index] = undefined;
    emit({ type: 'leg-open-failed', legId, error: outcome.result, reason: outcome.reason });
  }

  #forget(session: LegSession): void {
    session.leg.stopPlay();
    this.#rooms.leave(session);
    this.#legs.delete(session.legId);
    if (session.sockets === 'open') this.#legList[session.index] = undefined;
  }

  #close(session: LegSession, nowMs: MonotonicMs): void {
    this.#forget(session);
    session.close(nowMs);
    session.leg.free();
    const { legId, statistics } = session;
    this.#environment.emit({ type: 'leg-closed', legId, statistics });
  }

  #detach(session: LegSession, command: Command<'detach-leg'>, nowMs: MonotonicMs): void {
    const handover = session.detach(nowMs);
    if (handover === null) {
      this.#refuse(command, 'a leg on shared ports stays');
      return;
    }
    this.#forget(session);
    session.leg.free();
    this.#environment.emit({ type: 'leg-detached', legId: session.legId, handover });
  }

  #press(session: LegSession, command: Command<'send-dtmf'>): void {
    const outcome = session.leg.out.press(DTMF_KEYS.indexOf(command.key));
    if (outcome === 'refused') this.#refuse(command, 'no telephone-event, or too many keys');
  }

  #playToRoom(command: Command<'play-to-room'>): void {
    const { roomId, playId, exceptLegId } = command;
    const whenWaiting = command.clips.every(isSound) ? 'once' : 'each';
    const clips = this.#clipsFor(command);
    this.#settle(command, this.#rooms.play({ roomId, playId, exceptLegId, clips, whenWaiting }));
  }

  #shutDown(nowMs: MonotonicMs): void {
    for (const session of [...this.#legs.values()]) this.#close(session, nowMs);
    for (const roomId of this.#rooms.ids) this.#rooms.close(roomId, []);
    this.#environment.mux.close();
    this.#environment.emit({ type: 'stopped' });
  }

  #settle(command: MixerCommand, outcome: RoomOutcome): void {
    if (outcome !== 'done') this.#refuse(command, outcome);
  }

  #refuse(command: MixerCommand, reason: string): void {
    this.#environment.emit({ type: 'command-refused', command: command.type, reason });
  }
}

/** Whether a clip is a sound, not speech: what is spoken lies in the folder of its language. */
function isSound(clip: ClipName): boolean {
  return !clip.includes('/');
}
