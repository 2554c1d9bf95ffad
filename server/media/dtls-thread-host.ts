import type { DtlsHost } from './dtls-host.ts';

/** The DTLS handshakes as a thread of this process. */
export const dtlsThreadHost: DtlsHost = {
  spawn() {
    throw new Error('not built yet');
  },
};
