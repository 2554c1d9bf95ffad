/** Whether the server can be reached. `back`: it can again, said for a moment. */
export type ConnectionState = 'good' | 'lost' | 'back';

/** Watches the way to the server. */
export interface Connection {
  readonly state: ConnectionState;
  /** Counts how often the connection came back: what was shown before is old. */
  readonly returns: number;
  readonly reached: () => void;
  readonly lost: () => void;
  /** Tries at once. */
  readonly retry: () => void;
  /** Calls back after each change; the answer ends that. */
  readonly subscribe: (changed: () => void) => () => void;
}

/** What the watch needs from around it. */
export interface ConnectionOptions {
  /** Asks the server for something small; rejects when it cannot be reached. */
  readonly probe: () => Promise<unknown>;
  readonly after: (delayMs: number, work: () => void) => void;
}

/** Pauses between tries; the last one repeats. */
const PAUSES_MS = [1000, 2000, 4000, 8000, 15_000, 30_000] as const;
const BACK_SHOWN_MS = 4000;

/** Makes the watch. It probes while the connection is lost, with growing pauses of at most half a minute. */
export function createConnection({ probe, after }: ConnectionOptions): Connection {
  const listeners = new Set<() => void>();
  let state: ConnectionState = 'good';
  let returns = 0;
  let tries = 0;
  /** Tries that were planned before the last change of state are not carried out. */
  let plan = 0;

  function become(next: ConnectionState): void {
    if (state === next) return;
    state = next;
    plan += 1;
    for (const listener of [...listeners]) listener();
  }
  function planTry(): void {
    const planned = (plan += 1);
    const pauseMs = PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)] ?? BACK_SHOWN_MS;
    tries += 1;
    after(pauseMs, () => {
      if (planned === plan) tryNow();
    });
  }
  function tryNow(): void {
    const planned = (plan += 1);
    probe().then(reached, () => {
      if (planned === plan && state === 'lost') planTry();
    });
  }
  function reached(): void {
    if (state !== 'lost') return;
    tries = 0;
    returns += 1;
    become('back');
    const planned = plan;
    after(BACK_SHOWN_MS, () => {
      if (planned === plan && state === 'back') become('good');
    });
  }
  function lost(): void {
    if (state === 'lost') return;
    become('lost');
    planTry();
  }

  return {
    get state() {
      return state;
    },
    get returns() {
      return returns;
    },
    reached,
    lost,
    retry: () => {
      if (state === 'lost') tryNow();
    },
    subscribe: (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
  };
}
