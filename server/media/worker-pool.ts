import { assertNever } from '../../mixer/protocol/coded-error.ts';
import type { Facts } from '../../mixer/protocol/coded-error.ts';
import type { LegHandover } from '../../mixer/protocol/leg-handover.ts';
import type { ClipBank, LegId, LegMedia, RoomId } from '../../mixer/protocol/mixer-command.ts';
import type { MixerEvent } from '../../mixer/protocol/mixer-event.ts';
import type { DurationMs } from '../../mixer/protocol/units.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import type { MediaEvent, MediaPool, PooledCommand, WorkerHost } from './media-pool.ts';
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
/** What a room counts in the load of a worker, in legs: those who will come. */
const ROOM_WEIGHT = 8;

/** Where the workers' troubles are told. Messages are constant; what varies is in the facts. */
export interface MediaLog {
  debug(message: string, facts: Facts): void;
  info(message: string, facts: Facts): void;
  warn(message: string, facts: Facts): void;
  error(message: string, facts: Facts): void;
}

/** What a pool is made from. */
export interface MediaPoolParts {
  readonly host: WorkerHost;
  /** Number of workers, at least 1. */
  readonly workers: number;
  /** UDP ports, both ends included; a leg takes an even one and the next. */
  readonly portRange: readonly [number, number];
  readonly rtpTimeoutMs: DurationMs;
  readonly clock: Clock;
  readonly random: Random;
  readonly emit: (event: MediaEvent) => void;
  readonly log: MediaLog;
}

/**
 * What the pool knows of a leg:
 *
 *   opening ──leg-opened──▶ open ──join-room elsewhere──▶ detaching ──leg-detached──▶ attaching ──leg-opened──▶ open
 *      │  └─port-taken─▶ opening  └──close-leg──▶ closing ──leg-closed──▶ (gone)
 *      └──no port, failed──▶ (gone)
 *
 * In `opening`, `detaching` and `attaching` commands wait, and are carried out in order when the leg is open.
 */
interface PooledLeg {
  readonly legId: LegId;
  readonly host: string;
  readonly media: LegMedia;
  state: 'opening' | 'open' | 'detaching' | 'attaching' | 'closing';
  port: number;
  worker: number;
  tries: number;
  handover: LegHandover | null;
  readonly waiting: LegCommand[];
}

type LegCommand = Extract<PooledCommand, { readonly legId: LegId }>;

/** Starts the workers and returns them as one. */
export function createMediaPool(parts: MediaPoolParts): MediaPool {
  return new WorkerPool(parts);
}

class WorkerPool implements MediaPool {
  readonly #parts: MediaPoolParts;
  readonly #ports: PortRange;
  readonly #slots: WorkerSlots;
  readonly #legs = new Map<LegId, PooledLeg>();
  /** The worker of each room. */
  readonly #rooms = new Map<RoomId, number>();
  #stopping: { readonly done: () => void; workers: number } | null = null;

  constructor(parts: MediaPoolParts) {
    this.#parts = parts;
    const [from, to] = parts.portRange;
    this.#ports = new PortRange(parts.portRange, parts.random.integer(Math.max(1, to - from + 1)));
    this.#slots = new WorkerSlots({
      host: parts.host,
      workers: parts.workers,
      clock: parts.clock,
      receive: (worker, event) => this.#receive(worker, event),
      crashed: (crash) => this.#crashed(crash),
      exited: () => this.#workerEnded(),
    });
  }

  get legCount(): number {
    return this.#legs.size;
  }

  loadClips(bank: ClipBank): void {
    this.#slots.loadClips(bank);
  }

  openLeg({ legId, host, media }: { legId: LegId; host: string; media: LegMedia }): void {
    const leg: PooledLeg = {
      legId,
      host,
      media,
      state: 'opening',
      port: 0,
      worker: 0,
      tries: 0,
      handover: null,
      waiting: [],
    };
    this.#legs.set(legId, leg);
    this.#open(leg);
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
        () => this.#slots.terminate(),
      );
      const workers = this.#slots.running.length;
      const done = (): void => {
        cancel();
        resolve();
      };
      this.#stopping = { done, workers };
      this.#slots.shutDown();
      if (workers === 0) done();
    });
  }

  // Legs.

  /** Asks the least loaded worker to bind the next port. */
  #open(leg: PooledLeg): void {
    // The leg itself has no worker yet and must not weigh on one.
    leg.port = 0;
    const worker = this.#leastLoaded(0);
    if (worker === null) {
      this.#fail(leg, 'failed');
      return;
    }
    const port = this.#ports.take(this.#parts.clock.monotonicMs());
    if (port === null) {
      this.#fail(leg, 'no-port');
      return;
    }
    leg.worker = worker;
    leg.port = port;
    leg.tries += 1;
    const { legId, host, media } = leg;
    const { rtpTimeoutMs } = this.#parts;
    this.#slots.post(worker, { type: 'open-leg', legId, host, port, media, rtpTimeoutMs });
  }

  #fail(leg: PooledLeg, why: 'no-port' | 'failed'): void {
    this.#legs.delete(leg.legId);
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
    if (command.type === 'join-room') {
      const worker = this.#rooms.get(command.roomId);
      if (worker === undefined) {
        this.#refused('no such room', { command: command.type });
        return;
      }
      if (worker !== leg.worker) {
        this.#detach(leg, command);
        return;
      }
    }
    this.#slots.post(leg.worker, command);
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
    leg.worker = worker ?? leg.worker;
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
    const first = leg.state === 'opening';
    leg.state = 'open';
    leg.handover = null;
    leg.tries = 0;
    if (first) this.#parts.emit({ type: 'leg-opened', legId: leg.legId, port: leg.port });
    for (let next = nextCommand(leg); next !== undefined; next = nextCommand(leg)) {
      this.#carryOut(leg, next);
    }
  }

  #openFailed(leg: PooledLeg, event: Extract<MixerEvent, { type: 'leg-open-failed' }>): void {
    const { error, reason } = event;
    const facts = { port: leg.port, worker: leg.worker, error, reason };
    if (leg.state === 'attaching') {
      this.#attachFailed(leg, facts);
      return;
    }
    this.#releasePort(leg);
    if (error === 'port-taken' && leg.tries < MOST_PORTS_TRIED) {
      this.#open(leg);
      return;
    }
    this.#parts.log.error('no port of the media range can be bound', facts);
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
    this.#legs.delete(leg.legId);
    this.#releasePort(leg);
  }

  #releasePort(leg: PooledLeg): void {
    this.#ports.release(leg.port, this.#parts.clock.monotonicMs());
  }

  // Rooms.

  #openRoom(command: Extract<PooledCommand, { type: 'open-room' }>): void {
    const { roomId } = command;
    if (this.#rooms.has(roomId)) {
      this.#refused('room is open already', { command: command.type });
      return;
    }
    const worker = this.#leastLoaded(ROOM_WEIGHT);
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

  // Workers.

  /** The running worker with the fewest legs, where a room counts as many; null when none runs. */
  #leastLoaded(roomWeight: number): number | null {
    const loads = new Map<number, number>(this.#slots.running.map((worker) => [worker, 0]));
    const add = (worker: number, load: number): void => {
      const known = loads.get(worker);
      if (known !== undefined) loads.set(worker, known + load);
    };
    for (const leg of this.#legs.values()) if (leg.port !== 0) add(leg.worker, 1);
    for (const worker of this.#rooms.values()) add(worker, roomWeight);
    let best: number | null = null;
    for (const [worker, load] of loads) {
      if (best === null || load < (loads.get(best) ?? 0)) best = worker;
    }
    return best;
  }

  #receive(worker: number, event: MixerEvent): void {
    switch (event.type) {
      case 'leg-opened':
      case 'leg-open-failed':
      case 'leg-detached':
      case 'leg-closed':
        return this.#receiveForLeg(event);
      case 'leg-silent':
      case 'dtmf':
      case 'play-ended':
      case 'levels':
        return this.#parts.emit(event);
      case 'worker-statistics':
        return this.#watch(worker, event);
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
    if (event.type === 'leg-opened') this.#opened(leg);
    if (event.type === 'leg-open-failed') this.#openFailed(leg, event);
    if (event.type === 'leg-detached') this.#detached(leg, event.handover);
    if (event.type !== 'leg-closed') return;
    this.#forget(leg);
    this.#parts.emit(event);
  }

  /** Takes the crashed worker's legs and rooms off the books and says so; all others go on. */
  #crashed({ worker, reason, restartInMs }: WorkerCrash): void {
    const legs = [...this.#legs.values()].filter((leg) => leg.worker === worker);
    const rooms = [...this.#rooms].filter(([, home]) => home === worker).map(([roomId]) => roomId);
    this.#parts.log.error('a media worker has crashed', {
      worker,
      reason,
      restartInMs,
      legs: legs.length,
      rooms: rooms.length,
    });
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

  #watch(worker: number, figures: Extract<MixerEvent, { type: 'worker-statistics' }>): void {
    const { ticks, lateTicks, skippedTicks, worstLateMs, overdueDeadlines, legs } = figures;
    const facts = { worker, ticks, lateTicks, skippedTicks, worstLateMs, overdueDeadlines, legs };
    if (skippedTicks > 0) this.#parts.log.warn('a media worker has fallen behind', facts);
    else this.#parts.log.debug('figures of a media worker', facts);
  }

  #refused(reason: string, facts: Facts): void {
    this.#parts.log.warn('a media command made no sense', { ...facts, reason });
  }
}

/** What a leg is to do next. A command may bring the leg back to waiting: then the rest waits on. */
function nextCommand(leg: PooledLeg): LegCommand | undefined {
  return leg.state === 'open' ? leg.waiting.shift() : undefined;
}
