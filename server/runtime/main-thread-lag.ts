/** How often the lag is told. */
const PERIOD_MS = 1000;
/** How often the event loop is looked at. A turn that blocks it is seen in whole, but for so much. */
const LOOK_EVERY_MS = 50;

/**
 * Tells every second how late the event loop of this thread was at worst since the last time, in milliseconds.
 * Does not keep the process alive. Returns what ends it.
 */
export function watchMainThreadLag(tell: (lagMs: number) => void): () => void {
  let lookedAtMs = performance.now();
  let toldAtMs = lookedAtMs;
  let worstMs = 0;
  const timer = setInterval(() => {
    const nowMs = performance.now();
    worstMs = Math.max(worstMs, nowMs - lookedAtMs - LOOK_EVERY_MS);
    lookedAtMs = nowMs;
    if (nowMs - toldAtMs < PERIOD_MS) return;
    const lagMs = worstMs;
    worstMs = 0;
    toldAtMs = nowMs;
    tell(lagMs);
  }, LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
