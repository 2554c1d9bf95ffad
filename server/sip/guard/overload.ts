import type { DurationMs, MonotonicMs } from '../../../mixer/protocol/units.ts';

/** What `sip.limits` says about load. */
interface OverloadSettings {
  /** Share of late audio above which new calls are refused. */
  readonly lateTicksPercent: number;
  /** Lag of signalling above which new calls are refused. */
  readonly mainThreadLagMs: DurationMs;
  /** What a refused caller is told to wait. */
  readonly retryAfterSeconds: number;
}

/** Figures of one media worker since its last ones; `worker-statistics` has them. */
interface WorkerLoad {
  readonly ticks: number;
  readonly lateTicks: number;
  readonly skippedTicks: number;
}

/** What new calls are refused for. */
type OverloadCause = 'late-audio' | 'slow-signalling';

/** A change, for the log. */
export type OverloadChange =
  | { readonly type: 'overloaded'; readonly cause: OverloadCause; readonly measured: number }
  | { readonly type: 'recovered'; readonly afterMs: DurationMs };

/**
 * Judges by measurements whether new calls may come: calls in progress go before new ones. It refuses as soon as a limit
 * is passed, and takes calls again when all has been below half of each limit for a while, so that it does not flutter.
 */
export class Overload {
  readonly #settings: OverloadSettings;
  readonly #changed: (change: OverloadChange) => void;
  readonly #workers = new Map<number, WorkerState>();
  #heldUpMs: DurationMs = 0;
  #lag: LagState = { lagMs: 0, high: 0 };
  #state: State = { state: 'ok' };

  /** `changed` is told when refusing begins and ends. */
  constructor(settings: OverloadSettings, changed: (change: OverloadChange) => void = () => {}) {
    this.#settings = settings;
    this.#changed = changed;
  }

  /** Takes the figures of a media worker. */
  workerFigures(worker: number, load: WorkerLoad, nowMs: MonotonicMs): void {
    const late = load.lateTicks + load.skippedTicks;
    const all = load.ticks + load.skippedTicks;
    const latePercent = all < FEWEST_TICKS ? 0 : (100 * late) / all;
    this.#workers.set(worker, { latePercent, atMs: nowMs });
    this.#judge(nowMs);
  }

  /** We have kept the main thread so long ourselves, once, as settings were read again: that is no load. */
  heldUp(durationMs: DurationMs): void {
    this.#heldUpMs += durationMs;
  }

  /** Takes how late the main thread was at worst since the last such measurement. One comes every second. */
  mainThreadLag(measuredMs: DurationMs, nowMs: MonotonicMs): void {
    const lagMs = Math.max(0, measuredMs - this.#heldUpMs);
    this.#heldUpMs = 0;
    const isHigh = lagMs > this.#settings.mainThreadLagMs;
    this.#lag = { lagMs, high: isHigh ? this.#lag.high + 1 : 0 };
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

  #over(nowMs: MonotonicMs): { readonly cause: OverloadCause; readonly measured: number } | null {
    const { lateTicksPercent, mainThreadLagMs } = this.#settings;
    const { lagMs, high } = this.#lag;
    // One long turn (a collection of garbage, a backup) is no overload yet; two in a row are, or one that is very long.
    if (high >= 2 || lagMs > FAR * mainThreadLagMs) {
      return { cause: 'slow-signalling', measured: lagMs };
    }
    const latePercent = this.#worstLatePercent(nowMs);
    return latePercent > lateTicksPercent ? { cause: 'late-audio', measured: latePercent } : null;
  }

  #isCalm(nowMs: MonotonicMs): boolean {
    const { lateTicksPercent, mainThreadLagMs } = this.#settings;
    return (
      this.#lag.lagMs <= mainThreadLagMs / 2 &&
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

/*
 *   ok ──a limit is passed──▶ refusing ──all below half of the limits for CALM_MS──▶ ok
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

interface LagState {
  readonly lagMs: DurationMs;
  /** Measurements in a row that were above the limit. */
  readonly high: number;
}

/** Fewer ticks than half a second tell nothing. */
const FEWEST_TICKS = 25;
/** How long it must be calm before calls are taken again. */
const CALM_MS: DurationMs = 5000;
/** Workers tell their figures every 2 s; one that misses five of them is nobody's. */
const STALE_MS: DurationMs = 10_000;
/** One measurement so many times the limit is enough. */
const FAR = 3;
