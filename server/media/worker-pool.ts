import { assertNever } from '../../mixer/protocol/coded-error.ts';
import type { Facts } from '../../mixer/protocol/coded-error.ts';
import type { LegHandover } from '../../mixer/protocol/leg-handover.ts';
import type { DtlsFingerprint, LocalCandidate } from '../../mixer/protocol/media-security.ts';
import type { ClipBank, LegId, LegMedia, RoomId } from '../../mixer/protocol/mixer-command.ts';
import type { MixerEvent } from '../../mixer/protocol/mixer-event.ts';
import type { DurationMs } from '../../mixer/protocol/units.ts';
import { DtlsRelay } from './dtls-relay.ts';
import { reportFigures, reportPath, reportPorts } from './media-log.ts';
import type { MediaPoolParts } from './media-pool-parts.ts';
import type { MediaPool, PooledCommand } from './media-pool.ts';
import { LegTable } from './leg-table.ts';
import { newPooledLeg, nextCommand, NO_WORKER } from './pooled-leg.ts';
import type { LegCommand, PooledLeg } from './pooled-leg.ts';
import { PortRange } from './port-range.ts';
import { WorkerSlots } from './worker-slots.ts';
import type { WorkerCrash } from './worker-slots.ts';

/** Ports tried for one leg before it fails; other programs may hold some. */
const MOST_PORTS_TRIED = 10;
/** Times that a port is asked for again in a handover, and how long apart: it was ours a moment ago. */
const MOST_ATTACHES = 5;
const ATTACH_PAUSE_MS: DurationMs = 20;
/** Time in which workers close their legs when the pool stops. */
const STOP_TIMEOUT_MS: DurationMs = 2000;

/** Starts the workers and returns them as one. */
export function createMediaPool(parts: MediaPoolParts): MediaPool {
  return new WorkerPool(parts);
}

class WorkerPool implements MediaPool {
  readonly #parts: MediaPoolParts;
  readonly #ports: PortRange;
  readonly #slots: WorkerSlots;
  readonly #legs = new LegTable();
  /** The worker of each room. */
  readonly #rooms = new Map<RoomId, number>();
  readonly #dtls: DtlsRelay;
  /** What each worker's legs with ICE are reached by, once it has said so. */
  readonly #candidates = new Map<number, readonly LocalCandidate[]>();
  #stopping: { readonly done: () => void; workers: number } | null = null;

  constructor(parts: MediaPoolParts) {
    this.#parts = parts;
    const [from, to] = parts.portRange;
    this.#ports = new PortRange(parts.portRange, parts.random.integer(Math.max(1, to - from + 1)));
    this.#dtls = new DtlsRelay({
      host: parts.dtls,
      clock: parts.clock,
      log: parts.log,
      toLeg: (command) => this.#toLeg(command),
      failed: (legId, reason) => parts.emit({ type: 'leg-insecure', legId, reason }),
    });
    this.#slots = new WorkerSlots({
      host: parts.host,
      workers: parts.workers,
      clock: parts.clock,
      greeting: (worker) => [
        { type: 'set-opus', settings: parts.opus },
        { type: 'open-shared-ports', ports: parts.sharedPorts(worker) },
      ],
      receive: (worker, event) => this.#receive(worker, event),
      crashed: (crash) => this.#crashed(crash),
      exited: () => this.#workerEnded(),
    });
  }

  get ready(): Promise<void> {
    return this.#dtls.ready;
  }

  get fingerprint(): DtlsFingerprint | null {
    return this.#dtls.fingerprint;
  }

  get legCount(): number {
    return this.#legs.size;
  }

  loadClips(bank: ClipBank): void {
    this.#slots.loadClips(bank);
  }

  openLeg({ legId, host, media }: { legId: LegId; host: string; media: LegMedia }): void {
    const leg = newPooledLeg({ legId, homeRoomId: null, host, media });
    this.#legs.add(leg);
    this.#open(leg);
  }

  openIceLeg({ legId, media, roomId }: { legId: LegId; media: LegMedia; roomId: RoomId }): void {
    const leg = newPooledLeg({ legId, homeRoomId: roomId, host: '', media });
    const worker = this.#homeOf(roomId) ?? this.#leastLoaded('room');
    this.#legs.add(leg);
    if (worker === null || media.ice === undefined) {
      this.#fail(leg, 'failed');
      return;
    }
    this.#legs.place(leg, worker);
    const { rtpTimeoutMs } = this.#parts;
    this.#slots.post(worker, { type: 'open-ice-leg', legId, media, rtpTimeoutMs });
  }

  command(command: PooledCommand): void {
    switch (command.type) {
      case 'open-room':
        return this.#openRoom(command);
      case 'close-room':
      case 'play-to-room':
        return this.#toRoom(command);
      default:
        return this.#toLeg(command);
    }
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#parts.clock.schedule(
        this.#parts.clock.monotonicMs() + STOP_TIMEOUT_MS,
        () => {
          this.#slots.terminate();
          this.#dtls.terminate();
        },
      );
      const workers = this.#slots.running.length;
      const done = (): void => {
        cancel();
        resolve();
      };
      this.#stopping = { done, workers };
      this.#slots.shutDown();
      this.#dtls.stop();
      if (workers === 0) done();
    });
  }

  /** Asks the least loaded worker to bind the next port. */
  #open(leg: PooledLeg): void {
    // The leg itself has no worker yet and must not weigh on one.
    leg.port = 0;
    this.#legs.place(leg, NO_WORKER);
    const worker = this.#leastLoaded('leg');
    if (worker === null) {
      this.#fail(leg, 'failed');
      return;
    }
    const port = this.#ports.take(this.#parts.clock.monotonicMs());
    if (port === null) {
      this.#fail(leg, 'no-port');
      return;
    }
    this.#legs.place(leg, worker);
    leg.port = port;
    leg.tries += 1;
    const { legId, host, media } = leg;
    const { rtpTimeoutMs } = this.#parts;
    this.#slots.post(worker, { type: 'open-leg', legId, host, port, media, rtpTimeoutMs });
  }

  #fail(leg: PooledLeg, why: 'no-port' | 'failed'): void {
    this.#legs.remove(leg);
    this.#parts.emit({ type: 'leg-failed', legId: leg.legId, why });
  }

  #toLeg(command: LegCommand): void {
    const leg = this.#legs.get(command.legId);
    // A leg that has just ended: the command and the event have crossed each other.
    if (leg === undefined || leg.state === 'closing') return;
    if (leg.state !== 'open') leg.waiting.push(command);
    else this.#carryOut(leg, command);
  }

  #carryOut(leg: PooledLeg, command: LegCommand): void {
    if (command.type === 'close-leg') leg.state = 'closing';
    if (command.type === 'update-leg') this.#secure(leg, command.media);
    if (command.type === 'join-room' && !this.#mayJoin(leg, command)) return;
    this.#slots.post(leg.worker, command);
  }

  /** Whether the leg is on its room's worker; if not, it is on its way there, or the room is gone. */
  #mayJoin(leg: PooledLeg, command: Extract<LegCommand, { type: 'join-room' }>): boolean {
    const worker = this.#rooms.get(command.roomId);
    if (worker === leg.worker) return true;
    if (worker === undefined || leg.homeRoomId !== null) {
      this.#refused('no such room on the worker of the leg', { command: command.type });
    } else this.#detach(leg, command);
    return false;
  }

  /** Expects a handshake where offer and answer agreed on one. */
  #secure(leg: PooledLeg, media: LegMedia): void {
    leg.media = media;
    if (media.security?.kind === 'dtls') this.#dtls.open(leg.legId, media.security.fingerprints);
    else this.#dtls.close(leg.legId);
  }

  /** The leg's room lives elsewhere: its port changes hands, and what was asked of it waits. */
  #detach(leg: PooledLeg, command: LegCommand): void {
    leg.state = 'detaching';
    leg.waiting.push(command);
    this.#slots.post(leg.worker, { type: 'detach-leg', legId: leg.legId });
  }

  #detached(leg: PooledLeg, handover: LegHandover): void {
    if (leg.state !== 'detaching') return;
    const join = leg.waiting[0];
    const worker = join?.type === 'join-room' ? this.#rooms.get(join.roomId) : undefined;
    // The room may be gone by now: the leg then goes back to where it was.
    this.#legs.place(leg, worker ?? leg.worker);
    leg.state = 'attaching';
    leg.handover = handover;
    leg.tries = 0;
    this.#attach(leg);
  }

  #attach(leg: PooledLeg): void {
    if (leg.handover === null || this.#legs.get(leg.legId) !== leg) return;
    leg.tries += 1;
    const { legId, handover } = leg;
    this.#slots.post(leg.worker, { type: 'attach-leg', legId, handover });
  }

  #opened(leg: PooledLeg): void {
    const candidates = leg.homeRoomId === null ? [] : this.#candidates.get(leg.worker);
    // A worker that has just started is still binding its ports: the leg waits for them.
    if (candidates === undefined) return;
    if (candidates.length === 0 && leg.homeRoomId !== null) return this.#unreachable(leg);
    const first = leg.state === 'opening';
    leg.state = 'open';
    leg.handover = null;
    leg.tries = 0;
    if (first) {
      this.#secure(leg, leg.media);
      const { legId, port } = leg;
      this.#parts.emit({ type: 'leg-opened', legId, port, candidates });
    }
    for (let next = nextCommand(leg); next !== undefined; next = nextCommand(leg)) {
      this.#carryOut(leg, next);
    }
  }

  /** No port for browsers could be bound on its worker, which was told when it happened. */
  #unreachable(leg: PooledLeg): void {
    this.#slots.post(leg.worker, { type: 'close-leg', legId: leg.legId });
    this.#fail(leg, 'failed');
  }

  #openFailed(leg: PooledLeg, event: Extract<MixerEvent, { type: 'leg-open-failed' }>): void {
    const { error, reason } = event;
    const facts = { port: leg.port, worker: leg.worker, error, reason };
    if (leg.state === 'attaching') {
      this.#attachFailed(leg, facts);
      return;
    }
    if (leg.homeRoomId === null) this.#releasePort(leg);
    if (error === 'port-taken' && leg.tries < MOST_PORTS_TRIED) {
      this.#open(leg);
      return;
    }
    this.#parts.log.error('a leg cannot be opened', facts);
    this.#fail(leg, 'failed');
  }

  #attachFailed(leg: PooledLeg, facts: Facts): void {
    const { clock, log, emit } = this.#parts;
    if (leg.tries < MOST_ATTACHES) {
      clock.schedule(clock.monotonicMs() + ATTACH_PAUSE_MS, () => this.#attach(leg));
      return;
    }
    log.error('a leg was lost between two media workers', facts);
    this.#forget(leg);
    emit({ type: 'leg-lost', legId: leg.legId });
  }

  #forget(leg: PooledLeg): void {
    this.#legs.remove(leg);
    this.#dtls.close(leg.legId);
    this.#releasePort(leg);
  }

  #releasePort(leg: PooledLeg): void {
    if (leg.port === 0) return;
    this.#ports.release(leg.port, this.#parts.clock.monotonicMs());
  }

  #openRoom(command: Extract<PooledCommand, { type: 'open-room' }>): void {
    const { roomId } = command;
    if (this.#rooms.has(roomId)) {
      this.#refused('room is open already', { command: command.type });
      return;
    }
    const worker = this.#homeOf(roomId) ?? this.#leastLoaded('room');
    if (worker === null) {
      this.#parts.emit({ type: 'room-lost', roomId });
      return;
    }
    this.#rooms.set(roomId, worker);
    this.#slots.post(worker, command);
  }

  #toRoom(command: Extract<PooledCommand, { type: 'close-room' | 'play-to-room' }>): void {
    const worker = this.#rooms.get(command.roomId);
    if (worker === undefined) return;
    if (command.type === 'close-room') this.#rooms.delete(command.roomId);
    this.#slots.post(worker, command);
  }

  #leastLoaded(forWhat: 'leg' | 'room'): number | null {
    const homes = forWhat === 'room' ? this.#rooms.values() : [];
    return this.#legs.leastLoaded(this.#slots.running, homes);
  }

  /** The worker of a room, or the one where browsers already wait for it. */
  #homeOf(roomId: RoomId): number | null {
    const waiting = [...this.#legs.all].find((leg) => leg.homeRoomId === roomId);
    return this.#rooms.get(roomId) ?? waiting?.worker ?? null;
  }

  /** A worker has bound its shared ports: legs that waited for them are open. */
  #sharedPortsOpened(
    worker: number,
    event: Extract<MixerEvent, { type: 'shared-ports-opened' }>,
  ): void {
    reportPorts(this.#parts.log, worker, event);
    this.#candidates.set(worker, event.candidates);
    for (const leg of this.#legs.all) {
      if (leg.state === 'opening' && leg.homeRoomId !== null && leg.worker === worker) {
        this.#opened(leg);
      }
    }
  }

  #receive(worker: number, event: MixerEvent): void {
    switch (event.type) {
      case 'leg-opened':
      case 'leg-open-failed':
      case 'leg-detached':
      case 'leg-closed':
        return this.#receiveForLeg(event);
      case 'shared-ports-opened':
        return this.#sharedPortsOpened(worker, event);
      case 'dtls-in':
        return this.#dtls.packet(event.legId, event.bytes);
      case 'leg-path':
        return reportPath(this.#parts.log, worker, event);
      case 'leg-silent':
      case 'leg-unheard':
      case 'dtmf':
      case 'play-ended':
      case 'levels':
        return this.#parts.emit(event);
      case 'worker-statistics':
        return reportFigures(this.#parts, worker, event);
      case 'worker-strained':
        return this.#parts.onStrain?.(worker, event.usedPercent);
      case 'command-refused':
        return this.#refused(event.reason, { worker, command: event.command });
      case 'ready':
      case 'stopped':
        return;
      default:
        return assertNever(event);
    }
  }

  #receiveForLeg(event: Extract<MixerEvent, { type: `leg-${string}`; legId: LegId }>): void {
    const leg = this.#legs.get(event.legId);
    if (leg === undefined) return;
    if (event.type === 'leg-opened' && leg.state !== 'closing') this.#opened(leg);
    if (event.type === 'leg-open-failed') this.#openFailed(leg, event);
    if (event.type === 'leg-detached') this.#detached(leg, event.handover);
    if (event.type !== 'leg-closed') return;
    this.#forget(leg);
    this.#parts.emit(event);
  }

  /** Takes the crashed worker's legs and rooms off the books and says so; all others go on. */
  #crashed({ worker, reason, restartInMs }: WorkerCrash): void {
    const legs = [...this.#legs.all].filter((leg) => leg.worker === worker);
    const rooms = [...this.#rooms].filter(([, home]) => home === worker).map(([roomId]) => roomId);
    this.#candidates.delete(worker);
    const lost = { legs: legs.length, rooms: rooms.length };
    this.#parts.log.error('a media worker has crashed', { worker, reason, restartInMs, ...lost });
    for (const leg of legs) this.#forget(leg);
    for (const roomId of rooms) this.#rooms.delete(roomId);
    for (const { legId } of legs) this.#parts.emit({ type: 'leg-lost', legId });
    for (const roomId of rooms) this.#parts.emit({ type: 'room-lost', roomId });
  }

  #workerEnded(): void {
    const stopping = this.#stopping;
    if (stopping === null) return;
    stopping.workers -= 1;
    if (stopping.workers === 0) stopping.done();
  }

  #refused(reason: string, facts: Facts): void {
    this.#parts.log.warn('a media command made no sense', { ...facts, reason });
  }
}
