import type { DtlsHost } from '../dtls-host.ts';

/** The same handshakes without a thread, for simulated worlds. It loads werift: not for the main thread of a server. */
export const dtlsInProcessHost: DtlsHost = {
  spawn() {
    throw new Error('not built yet');
  },
};
