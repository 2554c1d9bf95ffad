import type { CreateSrtpSession } from './srtp-session.ts';

/** SRTP by the native add-on; null where it was not built. */
export function loadNativeSrtp(): CreateSrtpSession | null {
  return null;
}
