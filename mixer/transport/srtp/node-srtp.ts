import type { CreateSrtpSession } from './srtp-session.ts';

/** SRTP by `node:crypto`, which always works. */
export const createNodeSrtpSession: CreateSrtpSession = () => {
  throw new Error('not built yet');
};
