import type { DurationMs, MonotonicMs } from '../../../mixer/protocol/units.ts';
import type { MainThreadLoad } from '../../runtime/main-thread-lag.ts';
import { MediaStrain } from './media-strain.ts';

/** What `sip.limits` says about load. */
interface OverloadSettings {
  /** Share of late audio above which new calls are refused. */
  readonly lateTicksPercent: number;
  /** Share of a media worker's time above which new calls are refused: before any audio is late. 100: never. */
  readonly mediaBusyPercent: number;
  /** Lag of signalling above which new calls are refused. */
  readonly mainThreadLagMs: DurationMs;
  /** Share of signalling's time above which new calls are refused. 100: never. */
  readonly mainThreadBusyPercent: number;
  /** What a refused caller is told to wait. */
  readonly retryAfterSeconds: number;
}

/** Figures of one media worker since its last ones; `worker-statistics` has them. */
interface WorkerLoad {
  readonly ticks: number;
  readonly lateTicks: number;
  readonly skippedTicks: number;
  /** What it carries now. */
  readonly legs: number;
  readonly rooms: number;
}

/** What new calls are refused for. */
type OverloadCause = 'busy-media' | 'late-audio' | 'busy-signalling' | 'slow-signalling';

/** What else it stands on. */
interface OverloadPorts {
  /** Legs that stand now, on all media workers. */
  readonly legs?: () => number;
  /** Is told when refusing begins and ends. */
  readonly changed?: (change: OverloadChange) => void;
}

interface Measured {
  readonly cause: OverloadCause;
  readonly measured: number;
}

/** A change, for the log. */
export type OverloadChange =
  | { readonly type: 'overloaded'; readonly cause: OverloadCause; readonly measured: number }
  | { readonly type: 'recovered'; readonly afterMs: DurationMs };

/**
 * Judges by measurements whether new calls may come: calls in progress go before new ones. It refuses as soon as a limit
 * is passed, and takes calls again when all has been well below each limit for a while, so that it does not flutter.
 */
export class Overload {
  readonly #settings: OverloadSettings;
  readonly #legs: () => number;
  readonly #changed: (change: OverloadChange) => void;
  readonly #strain = new MediaStrain();
  readonly #workers = new Map<number, WorkerState>();
  #heldUpMs: DurationMs = 0;
  #signalling: SignallingState = { lagMs: 0, high: 0, busyPercent: 0, busy: 0 };
  #state: State = { state: 'ok' };

  constructor(settings: OverloadSettings, ports: OverloadPorts = {}) {
    this.#settings = settings;
    this.#legs = ports.legs ?? (() => 0);
    this.#changed = ports.changed ?? (() => {});
  }

  /** A media worker used so much of its time in two windows of 100 ms. They say so only when it is more than half. */
  workerStrained(worker: number, usedPercent: number, nowMs: MonotonicMs): void {
    this.#strain.told(worker, usedPercent, { legs: this.#legs(), atMs: nowMs });
    this.#judge(nowMs);
  }

  /** Takes the figures of a media worker. */
  workerFigures(worker: number, load: WorkerLoad, nowMs: MonotonicMs): void {
    const late = load.lateTicks + load.skippedTicks;
    const all = load.ticks + load.skippedTicks;
    // Where nobody is there is nobody whose audio could be late.
    const isIdle = load.legs === 0 && load.rooms === 0;
    const latePercent = isIdle || all < FEWEST_TICKS ? 0 : (100 * late) / all;
    this.#workers.set(worker, { latePercent, atMs: nowMs });
    this.#judge(nowMs);
  }

  /** We have kept the main thread so long ourselves, once, as settings were read again: that is no load. */
  heldUp(durationMs: DurationMs): void {
    this.#heldUpMs += durationMs;
  }

  /** Takes how the main thread has fared since the last such measurement. One comes every half a second. */
  mainThreadLoad(load: MainThreadLoad, nowMs: MonotonicMs): void {
    const { busyPercent } = load;
    const { mainThreadLagMs, mainThreadBusyPercent } = this.#settings;
    const lagMs = Math.max(0, load.lagMs - this.#heldUpMs);
    this.#heldUpMs = 0;
    const { high, busy } = this.#signalling;
    this.#signalling = {
      ...{ lagMs, busyPercent },
      high: lagMs > mainThreadLagMs ? high + 1 : 0,
      busy: busyPercent > mainThreadBusyPercent ? busy + 1 : 0,
    };
    this.#judge(nowMs);
  }

  /** `ok`, or the seconds after which a caller may try again. For the endpoint, before each new call. */
  verdict(nowMs: MonotonicMs): 'ok' | number {
    this.#judge(nowMs);
    return this.#state.state === 'ok' ? 'ok' : this.#settings.retryAfterSeconds;
  }

  #judge(nowMs: MonotonicMs): void {
    const state = this.#state;
    const over = this.#over(nowMs);
    if (state.state === 'ok') {
      if (over === null) return;
      this.#state = { state: 'refusing', sinceMs: nowMs, calmSinceMs: null };
      this.#changed({ type: 'overloaded', ...over });
    } else if (!this.#isCalm(nowMs)) {
      this.#state = { ...state, calmSinceMs: null };
    } else if (state.calmSinceMs === null) {
      this.#state = { ...state, calmSinceMs: nowMs };
    } else if (nowMs - state.calmSinceMs >= CALM_MS) {
      this.#state = { state: 'ok' };
      this.#changed({ type: 'recovered', afterMs: nowMs - state.sinceMs });
    }
  }

  #over(nowMs: MonotonicMs): Measured | null {
    const { lateTicksPercent, mediaBusyPercent, mainThreadLagMs } = this.#settings;
    const { lagMs, high, busyPercent, busy } = this.#signalling;
    // One long turn (a collection of garbage, a backup) is no overload yet; two in a row are, or one that is very long.
    // A machine that was stopped meanwhile, as to be moved, has lost as much time, but did nothing in it.
    const isOurs = busyPercent > FEWEST_BUSY_PERCENT;
    if (high >= 2 || (isOurs && lagMs > FAR * mainThreadLagMs)) {
      return { cause: 'slow-signalling', measured: lagMs };
    }
    // By UDP it never lags for long: what it cannot keep up with waits in the socket, and is lost there.
    if (busy >= BUSY_IN_A_ROW) return { cause: 'busy-signalling', measured: busyPercent };
    const usedPercent = this.#strain.percent(this.#legs(), nowMs);
    if (usedPercent > mediaBusyPercent) return { cause: 'busy-media', measured: usedPercent };
    const latePercent = this.#worstLatePercent(nowMs);
    return latePercent > lateTicksPercent ? { cause: 'late-audio', measured: latePercent } : null;
  }

  #isCalm(nowMs: MonotonicMs): boolean {
    const { lateTicksPercent, mainThreadLagMs, mediaBusyPercent, mainThreadBusyPercent } =
      this.#settings;
    const { lagMs, busyPercent } = this.#signalling;
    return (
      lagMs <= mainThreadLagMs / 2 &&
      busyPercent <= calmPercent(mainThreadBusyPercent) &&
      this.#strain.percent(this.#legs(), nowMs) <= calmPercent(mediaBusyPercent) &&
      this.#worstLatePercent(nowMs) <= lateTicksPercent / 2
    );
  }

  /** Of the worst worker. One that says nothing any more is idle or gone. */
  #worstLatePercent(nowMs: MonotonicMs): number {
    let worst = 0;
    for (const [worker, { latePercent, atMs }] of this.#workers) {
      if (nowMs - atMs > STALE_MS) this.#workers.delete(worker);
      else worst = Math.max(worst, latePercent);
    }
    return worst;
  }
}

/** A share that is calm. What is never refused for does not keep calls out either. */
function calmPercent(limitPercent: number): number {
  return limitPercent === 100 ? 100 : CALM_SHARE * limitPercent;
}

/*
 *   ok ──a limit is passed──▶ refusing ──all well below the limits for CALM_MS──▶ ok
 */
type State =
  | { readonly state: 'ok' }
  | {
      readonly state: 'refusing';
      readonly sinceMs: MonotonicMs;
      readonly calmSinceMs: MonotonicMs | null;
    };

interface WorkerState {
  readonly latePercent: number;
  readonly atMs: MonotonicMs;
}

interface SignallingState extends MainThreadLoad {
  /** Measurements in a row with a lag above the limit. */
  readonly high: number;
  /** Measurements in a row with a busy share above the limit. */
  readonly busy: number;
}

/** Fewer ticks than half a second tell nothing. */
const FEWEST_TICKS = 25;
/** How long it must be calm before calls are taken again. */
const CALM_MS: DurationMs = 5000;
/** Workers tell their figures every 2 s; one that misses five of them is nobody's. */
const STALE_MS: DurationMs = 10_000;
/** One measurement so many times the limit is enough. */
const FAR = 3;
/** Of a measurement that a very long turn of ours has filled, more than this was busy. */
const FEWEST_BUSY_PERCENT = 50;
/** Measurements of half a second each: with fewer, a start or a list for a printer would do. */
const BUSY_IN_A_ROW = 3;
/** Shares of time are calm below this much of their limit: half of it may be what a good day looks like. */
const CALM_SHARE = 0.9;
