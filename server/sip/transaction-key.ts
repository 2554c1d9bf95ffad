import type { Envelope } from './envelope.ts';
import { MAGIC_COOKIE, sentByOf } from './via.ts';

/**
 * The name of a server transaction: branch, sent-by and method (RFC 3261 §17.2.3). A sender older than the RFC makes no
 * unique branches; its requests are told apart by the headers that retransmissions and ACK have in common.
 */
export function serverKey(envelope: Envelope, method: string): string {
  const { branch } = envelope.topVia;
  const sentBy = sentByOf(envelope.topVia);
  if (branch.startsWith(MAGIC_COOKIE) && branch.length > MAGIC_COOKIE.length) {
    return `${branch}|${sentBy}|${method}`;
  }
  const { callId, fromTag, cseqNumber } = envelope;
  return `|${branch}|${sentBy}|${callId}|${fromTag}|${cseqNumber}|${method}`;
}

/** What copies of one request that came by different ways have in common (RFC 3261 §8.2.2.2). */
export function mergeKey(envelope: Envelope): string {
  return `${envelope.callId}|${envelope.fromTag}|${envelope.cseqNumber}|${envelope.cseqMethod}`;
}

/** The name of a client transaction: branch, sent-by and method (RFC 3261 §17.1.3). */
export function clientKey(request: {
  readonly branch: string;
  readonly sentBy: string;
  readonly method: string;
}): string {
  return `${request.branch}|${request.sentBy}|${request.method}`;
}

/** The name of the client transaction that a response answers, or null when it cannot be ours: our requests bear one Via. */
export function responseKey({ topVia, otherVias, cseqMethod }: Envelope): string | null {
  if (otherVias.length > 0) return null;
  return clientKey({ branch: topVia.branch, sentBy: sentByOf(topVia), method: cseqMethod });
}
