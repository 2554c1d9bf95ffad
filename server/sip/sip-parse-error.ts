import { CodedError } from '../../mixer/protocol/coded-error.ts';
import type { Facts } from '../../mixer/protocol/coded-error.ts';
import type { SipRequest } from './message.ts';

/**
 * A message that is not SIP, or not whole. The sentence is always one of ours, so that it can serve as a reason phrase;
 * the peer's bytes are never part of it.
 */
export class SipParseError extends CodedError {
  /** The response that a request with this fault earns: 400 or 505. */
  readonly status: number;
  /** What could be read of a request, enough to answer it; null when nothing can be answered. */
  readonly request: SipRequest | null;

  constructor(
    message: string,
    details: {
      readonly status?: number;
      readonly request?: SipRequest | null;
      readonly facts?: Facts;
    } = {},
  ) {
    super('SIP_PARSE', message, details.facts ?? {});
    this.status = details.status ?? 400;
    this.request = details.request ?? null;
  }
}
