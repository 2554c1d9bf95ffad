/** How the main thread has fared over a while. */
export interface MainThreadLoad {
  /** How late its event loop was at worst. */
  readonly lagMs: number;
  /** Share of the time in which it did not wait for anything, 0–100. */
  readonly busyPercent: number;
}

/** How often it is told. */
const PERIOD_MS = 500;
/** How often the event loop is looked at. A turn that blocks it is seen in whole, but for so much. */
const LOOK_EVERY_MS = 50;

/**
 * Tells every half a second how this thread has fared since the last time. Does not keep the process alive. Returns
 * what ends it.
 */
export function watchMainThreadLag(tell: (load: MainThreadLoad) => void): () => void {
  let lookedAtMs = performance.now();
  let toldAtMs = lookedAtMs;
  let worstMs = 0;
  let utilization = performance.eventLoopUtilization();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    worstMs = Math.max(worstMs, nowMs - lookedAtMs - LOOK_EVERY_MS);
    lookedAtMs = nowMs;
    if (nowMs - toldAtMs < PERIOD_MS) return;
    const lagMs = worstMs;
    worstMs = 0;
    toldAtMs = nowMs;
    const before = utilization;
    utilization = performance.eventLoopUtilization();
    const busyPercent = 100 * performance.eventLoopUtilization(utilization, before).utilization;
    tell({ lagMs, busyPercent });
  }, LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
