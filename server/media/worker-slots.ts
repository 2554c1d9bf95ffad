import type { ClipBank, MixerCommand } from '../../mixer/protocol/mixer-command.ts';
import type { MixerEvent } from '../../mixer/protocol/mixer-event.ts';
import type { DurationMs, MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Clock } from '../runtime/clock.ts';
import type { WorkerChannel, WorkerHost } from './media-pool.ts';

/** A worker that lived longer than this is replaced at once; others wait, twice as long each time. */
const HEALTHY_MS: DurationMs = 60_000;
const FIRST_WAIT_MS: DurationMs = 1000;
const LONGEST_WAIT_MS: DurationMs = 30_000;

/** What the slots are made from. */
export interface WorkerSlotsParts {
  readonly host: WorkerHost;
  readonly workers: number;
  readonly clock: Clock;
  /** What every worker is told first. */
  readonly greeting: (worker: number) => readonly MixerCommand[];
  readonly receive: (worker: number, event: MixerEvent) => void;
  /** A worker is gone, and whatever it carried. Its successor starts after `restartInMs`. */
  readonly crashed: (crash: WorkerCrash) => void;
  /** A worker has ended that was asked to. */
  readonly exited: () => void;
}

/** The end of a worker that nobody asked for. */
export interface WorkerCrash {
  readonly worker: number;
  readonly reason: string;
  readonly restartInMs: DurationMs;
}

interface Slot {
  channel: WorkerChannel | null;
  /** Counts starts and exits: tells one worker in this place from the next. */
  generation: number;
  startedAtMs: MonotonicMs;
  /** Crashes in a row of workers that did not live long. */
  earlyCrashes: number;
  cancelRestart: () => void;
}

/**
 * A fixed number of places for workers. One that crashes is replaced and given the recordings again:
 *
 *   running ──exit──▶ waiting (0 s; after early crashes 1, 2, 4 … 30 s) ──▶ running
 */
export class WorkerSlots {
  readonly #parts: WorkerSlotsParts;
  readonly #slots: Slot[] = [];
  #bank: ClipBank | null = null;
  #state: 'serving' | 'stopping' = 'serving';

  constructor(parts: WorkerSlotsParts) {
    this.#parts = parts;
    for (let worker = 0; worker < parts.workers; worker += 1) {
      const slot = {
        channel: null,
        generation: 0,
        startedAtMs: 0,
        earlyCrashes: 0,
        cancelRestart: () => {},
      };
      this.#slots.push(slot);
      this.#start(worker, slot);
    }
  }

  /** Workers that run now, by number. */
  get running(): readonly number[] {
    return [...this.#slots.keys()].filter((worker) => this.#slots[worker]?.channel !== null);
  }

  /** Gives a worker a command; nothing happens when it is not running. */
  post(worker: number, command: MixerCommand): void {
    this.#slots[worker]?.channel?.post(command);
  }

  /** Gives every worker, and every later one, the recordings. */
  loadClips(bank: ClipBank): void {
    this.#bank = bank;
    for (const worker of this.running) this.post(worker, { type: 'load-clips', bank });
  }

  /** Asks all workers to end; none is replaced any more. */
  shutDown(): void {
    this.#state = 'stopping';
    for (const slot of this.#slots) slot.cancelRestart();
    for (const worker of this.running) this.post(worker, { type: 'shut-down' });
  }

  /** Ends what still runs. */
  terminate(): void {
    for (const slot of this.#slots) slot.channel?.terminate();
  }

  #start(worker: number, slot: Slot): void {
    slot.generation += 1;
    slot.startedAtMs = this.#parts.clock.monotonicMs();
    const { generation } = slot;
    // What a worker says after its exit is not heard: its successor has its place.
    slot.channel = this.#parts.host.spawn(
      worker,
      (event) => {
        if (slot.generation === generation) this.#parts.receive(worker, event);
      },
      (reason) => {
        if (slot.generation === generation) this.#exited(worker, slot, reason);
      },
    );
    for (const command of this.#parts.greeting(worker)) slot.channel.post(command);
    if (this.#bank !== null) slot.channel.post({ type: 'load-clips', bank: this.#bank });
  }

  #exited(worker: number, slot: Slot, reason: string): void {
    slot.generation += 1;
    slot.channel = null;
    if (this.#state === 'stopping') {
      this.#parts.exited();
      return;
    }
    const { clock } = this.#parts;
    const nowMs = clock.monotonicMs();
    slot.earlyCrashes = nowMs - slot.startedAtMs < HEALTHY_MS ? slot.earlyCrashes + 1 : 0;
    const restartInMs = waitAfter(slot.earlyCrashes);
    this.#parts.crashed({ worker, reason, restartInMs });
    slot.cancelRestart = clock.schedule(nowMs + restartInMs, () => this.#start(worker, slot));
  }
}

/** The first early crash is forgiven; 1 s after the second, and so on. */
function waitAfter(earlyCrashes: number): DurationMs {
  if (earlyCrashes <= 1) return 0;
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(earlyCrashes - 2, 10));
}
