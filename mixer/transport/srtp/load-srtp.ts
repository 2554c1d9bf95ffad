import { loadNativeSrtp } from './native-srtp.ts';
import { createNodeSrtpSession } from './node-srtp.ts';
import type { CreateSrtpSession } from './srtp-session.ts';

/** SRTP by the native add-on where it was built, else by `node:crypto`. Call it once per thread. */
export function loadSrtp(): CreateSrtpSession {
  return loadNativeSrtp() ?? createNodeSrtpSession;
}
