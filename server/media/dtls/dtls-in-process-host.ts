import type { DtlsHost } from '../dtls-host.ts';
import { DtlsDesk } from './dtls-desk.ts';

/** The same handshakes without a thread, for simulated worlds. It loads werift: not for the main thread of a server. */
export const dtlsInProcessHost: DtlsHost = {
  spawn(receive) {
    let isOpen = true;
    const desk = new DtlsDesk({
      // As from a thread: never within the call that caused it.
      emit: (event) => queueMicrotask(() => isOpen && receive(event)),
      after: (durationMs, then) => {
        const timer = setTimeout(then, durationMs).unref();
        return () => clearTimeout(timer);
      },
    });
    return {
      post: (command) => {
        if (isOpen) desk.handle(command);
      },
      terminate: () => {
        isOpen = false;
        desk.handle({ type: 'shut-down' });
      },
    };
  },
};
