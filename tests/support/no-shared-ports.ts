import type { IceMux } from '../../mixer/transport/ice/ice-mux.ts';

/** Ports of a world that nobody reaches by browser: none can be bound, and every leg is refused. */
export function noSharedPorts(): IceMux {
  return {
    figures: { checks: 0, refusedChecks: 0, badStun: 0, limited: 0, strangers: 0, unknown: 0 },
    open: (_ports, done) => done([], []),
    add: () => 'ufrag-taken',
    update: () => 'ufrag-taken',
    remove: () => undefined,
    send: () => undefined,
    state: () => 'new',
    drain: () => undefined,
    flush: () => undefined,
    close: () => undefined,
  };
}
