/** Comes back in a turn of the event loop that is nobody else's who waits here. */
export type OwnTurn = () => Promise<void>;

/**
 * Makes a queue for work that takes milliseconds: between two pieces of it the event loop looks at its sockets and
 * timers. So signalling waits for one piece at most, however many have come at once.
 */
export function createOwnTurns(): OwnTurn {
  const waiting: (() => void)[] = [];

  function next(): void {
    const begin = waiting.shift();
    if (waiting.length > 0) setImmediate(next);
    begin?.();
  }

  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (waiting.length === 1) setImmediate(next);
    });
}
