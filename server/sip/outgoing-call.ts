import type { HeaderLine } from './message-writer.ts';
import type { SendTarget } from './received-request.ts';

/** What a digest is made with (RFC 7616, RFC 8760). */
export interface DigestCredentials {
  readonly user: string;
  /** A secret: never logged. */
  readonly password: string;
  /** The one realm that these are for; null: whichever asks. */
  readonly realm: string | null;
}

/** A request of ours outside of dialogs. The endpoint adds Via with its branch, Max-Forwards and Content-Length. */
export interface ClientRequest {
  /** Names the request in its outcome. */
  readonly requestId: string;
  readonly method: string;
  readonly uri: string;
  /** Where it goes. Its flow need not stand: see `outboundFlow`. */
  readonly target: SendTarget;
  /** Literal address for Via. */
  readonly localHost: string;
  /** From, To, Call-ID, CSeq and all others that the requester wants. */
  readonly headers: readonly HeaderLine[];
}

/** Somebody to be called. */
export interface OutgoingCall {
  readonly uri: string;
  /** Name and address as they stand in From and To, without tags. Octet strings. */
  readonly from: string;
  readonly to: string;
  /** Where to try, in this order (RFC 3263 §4.3): the next one when one cannot be reached or answers 503. */
  readonly targets: readonly SendTarget[];
  /** Routes that the INVITE is to take (RFC 3608 §6.1): loose routers, in order. None when nothing is said. */
  readonly routeSet?: readonly string[];
  /** Literal address for Via and Contact. */
  readonly localHost: string;
  readonly credentials: DigestCredentials | null;
  /** Our offer, or null: the peer's comes with its 2xx. */
  readonly offer: string | null;
  /** Given up with CANCEL when nobody has answered by then. */
  readonly answerWithinMs: number;
  /** P-Asserted-Identity, Privacy and their like. */
  readonly headers: readonly HeaderLine[];
}
