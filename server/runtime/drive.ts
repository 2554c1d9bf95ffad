import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Clock } from './clock.ts';
import type { Core } from './core.ts';

/** A core that is running: it takes inputs, and its deadlines are kept. */
export interface Drive<Input> {
  /** Feeds the core and performs what it returns, in order. Inputs given while performing wait their turn. */
  feed(input: Input): void;
  /** Keeps no deadline any more. Inputs are ignored from here on. */
  stop(): void;
}

/**
 * Runs a core: reads the clock, keeps its deadline and performs its actions.
 * An input that arrives from inside `perform` is queued, so a core is never entered twice.
 */
export function drive<Input, Action>(
  core: Core<Input, Action>,
  clock: Clock,
  perform: (action: Action) => void,
): Drive<Input> {
  const queue: Input[] = [];
  let running = false;
  let stopped = false;
  let armedForMs: MonotonicMs = Number.POSITIVE_INFINITY;
  let disarm: () => void = () => {};

  function arm(): void {
    // A timer that goes off too early costs less than one for each deadline that is set and taken back: it is armed again.
    const standing = Number.isFinite(core.deadlineMs) && core.deadlineMs >= armedForMs;
    if (stopped || core.deadlineMs === armedForMs || standing) return;
    disarm();
    armedForMs = core.deadlineMs;
    disarm = Number.isFinite(armedForMs) ? clock.schedule(armedForMs, onDeadline) : () => {};
  }

  function onDeadline(): void {
    armedForMs = Number.POSITIVE_INFINITY;
    if (stopped) return;
    // A timer may fire a little early: it is then armed again, the core never sees an early timeout.
    if (clock.monotonicMs() >= core.deadlineMs) run({ type: 'timeout' });
    else arm();
  }

  function run(first: Input | { readonly type: 'timeout' }): void {
    running = true;
    try {
      for (const action of core.handle(first, clock.monotonicMs())) perform(action);
      for (let next = queue.shift(); next !== undefined && !stopped; next = queue.shift()) {
        for (const action of core.handle(next, clock.monotonicMs())) perform(action);
      }
    } finally {
      running = false;
      arm();
    }
  }

  arm();
  return {
    feed(input) {
      if (stopped) return;
      if (running) queue.push(input);
      else run(input);
    },
    stop() {
      stopped = true;
      disarm();
    },
  };
}
