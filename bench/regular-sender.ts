const SLOTS = 20;

/** Who sends a packet every 20 ms. */
export interface RegularUser {
  send(): void;
}

/** Users that send until they are stopped. */
export interface RegularSender {
  /** The latest that a packet has been since this was asked last, in ms: bursts of ours would read as the server's delay. */
  takeWorstLateMs(): number;
  stop(): void;
}

/** Users send in 20 phases a millisecond apart. While the thread sleeps, packets pile up and cost less to read. */
export function sendRegularly(users: readonly RegularUser[]): RegularSender {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  let state: 'running' | 'stopped' = 'running';
  let slot = 0;
  let worstLateMs = 0;
  const zeroMs = performance.now();
  const turn = (): void => {
    if (state === 'stopped') return;
    while (performance.now() >= zeroMs + slot) {
      worstLateMs = Math.max(worstLateMs, performance.now() - zeroMs - slot);
      for (let at = slot % SLOTS; at < users.length; at += SLOTS) users[at]?.send();
      slot += 1;
    }
    const waitMs = zeroMs + slot - performance.now();
    if (waitMs > 0) Atomics.wait(sleeper, 0, 0, waitMs);
    setImmediate(turn);
  };
  setImmediate(turn);
  return {
    takeWorstLateMs() {
      const taken = worstLateMs;
      worstLateMs = 0;
      return taken;
    },
    stop() {
      state = 'stopped';
    },
  };
}
