import type { Facts } from '../../mixer/protocol/coded-error.ts';
import type { DurationMs } from '../../mixer/protocol/units.ts';
import type { Destination, Located } from '../sip/locate/locate.ts';
import type { SipResponse } from '../sip/message.ts';
import type { ClientRequest } from '../sip/outgoing-call.ts';
import type { SendTarget } from '../sip/received-request.ts';
import { bracketed } from '../sip/sip-uri.ts';
import type { SipFlow } from '../sip/user-agent.ts';

/** What the cores of a trunk are told. */
export type TrunkInput =
  | { readonly type: 'start' }
  /** `host` — as the action `locate` named it. */
  | { readonly type: 'located'; readonly host: string; readonly located: Located }
  | { readonly type: 'answered'; readonly requestId: string; readonly response: SipResponse }
  | {
      readonly type: 'failed';
      readonly requestId: string;
      readonly why: 'timeout' | 'transport';
    }
  | { readonly type: 'flow-closed'; readonly flowId: string }
  /** Our own addresses may have changed. */
  | { readonly type: 'address-changed' }
  /** To the hosts: what a registration or a call came to there. */
  | HeardOfHost
  /** To the registration: a host is there again, or is no longer. */
  | HostChange
  | { readonly type: 'stop' };

/** What the cores of a trunk want done. */
export type TrunkAction =
  | { readonly type: 'request'; readonly request: ClientRequest }
  | { readonly type: 'locate'; readonly host: string }
  | {
      readonly type: 'log';
      readonly level: 'info' | 'warn' | 'error';
      readonly message: string;
      readonly facts: Facts;
    }
  /** The addresses that the trunk's requests come from may have changed. */
  | { readonly type: 'addresses' }
  /** The way to and from a peer is to be kept open from now on, or need not be any more. */
  | { readonly type: 'keep-awake' | 'let-sleep'; readonly flow: SipFlow }
  | HeardOfHost
  | HostChange
  /** Nothing more will come. */
  | { readonly type: 'stopped' };

/** A host has answered something else than a ping, or has not. `destination` — in words, see `destinationText`. */
interface HeardOfHost {
  readonly type: 'heard';
  readonly destination: string;
  readonly outcome: 'served' | 'failed';
}

/** The health of a host is another. */
interface HostChange {
  readonly type: 'host-changed';
  readonly destination: string;
  readonly state: 'up' | 'down' | 'unknown';
}

/** How a destination is sent to. */
export interface Route {
  readonly target: SendTarget;
  /** Literal address that the peer reaches us by, for Via and Contact. */
  readonly localHost: string;
}

/** Finds the route to a destination; each time anew, because our own address may have changed. */
export type RouteTo = (destination: Destination) => Route;

/** A destination in words, which is also what tells it from others: `udp 192.0.2.1:5060`. */
export function destinationText({
  transport,
  host,
  port,
}: Pick<Destination, 'transport' | 'host' | 'port'>): string {
  return `${transport} ${bracketed(host)}:${port}`;
}

/** Longest Retry-After that is kept to. */
const LONGEST_RETRY_AFTER_MS = 1_800_000;

/** What Retry-After asks for (RFC 3261 §20.33), within bounds; null when it is not there or makes no sense. */
export function retryAfterMs(response: SipResponse): DurationMs | null {
  const [digits] = /^\d{1,9}/u.exec(response.headers.first('retry-after') ?? '') ?? [];
  if (digits === undefined) return null;
  return Math.min(LONGEST_RETRY_AFTER_MS, Math.max(1, Number(digits)) * 1000);
}
