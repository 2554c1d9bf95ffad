import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How often the lag is told. */
const PERIOD_MS = 1000;
/** How closely the event loop is watched. */
const RESOLUTION_MS = 20;
const NANOSECONDS_IN_MS = 1e6;

/**
 * Tells every second how late the event loop of this thread was at worst since the last time, in milliseconds.
 * Does not keep the process alive. Returns what ends it.
 */
export function watchMainThreadLag(tell: (lagMs: number) => void): () => void {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  const timer = setInterval(() => {
    // The histogram holds whole intervals, of which the resolution is no lag.
    const lagMs = delays.max / NANOSECONDS_IN_MS - RESOLUTION_MS;
    delays.reset();
    tell(Math.max(0, lagMs));
  }, PERIOD_MS);
  timer.unref();
  delays.enable();
  return () => {
    clearInterval(timer);
    delays.disable();
  };
}
