import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import { writeRequest } from './message-writer.ts';
import type { HeaderLine } from './message-writer.ts';
import type { SipResponse } from './message.ts';
import type { SendTarget } from './received-request.ts';
import { bracketed } from './sip-uri.ts';

/** Who asked for a request, and hears what becomes of it. */
export interface RequestOwner {
  /** Every response: provisional ones, the final one, and for an INVITE each 2xx that comes within 64*T1, copies too. */
  response(response: SipResponse, nowMs: MonotonicMs): void;
  /** No final response will come. Raised at most once, never after a final response. */
  failed(why: 'timeout' | 'transport', nowMs: MonotonicMs): void;
}

/** A request of ours. The transaction layer adds Via with its branch, and Content-Length. */
export interface OutgoingRequest {
  readonly method: string;
  readonly uri: string;
  /** All others: Route, Max-Forwards, From, To, Call-ID, CSeq, Contact, … under their usual spellings. */
  readonly headers: readonly HeaderLine[];
  readonly body?: Uint8Array;
  readonly target: SendTarget;
  /** Literal address for Via. */
  readonly localHost: string;
  readonly owner: RequestOwner;
}

/** A request that is on its way. */
export interface StartedRequest {
  /** Where it went: by TCP when it was too large for UDP. */
  readonly target: SendTarget;
  /**
   * Gives an INVITE up (RFC 3261 §9.1): CANCEL goes out when a provisional response is here, or as soon as one comes.
   * The owner hears the final response as ever; `failed` when none comes within 64*T1 of the CANCEL.
   * `headers`: lines for the CANCEL, such as Reason. Without effect on other methods and after a final response.
   */
  cancel(headers: readonly HeaderLine[], nowMs: MonotonicMs): void;
}

/** Via and branch of one transaction of ours. */
export interface OwnVia {
  readonly branch: string;
  readonly sentBy: string;
  /** Value of the header. */
  readonly text: string;
}

/** The Via of a request of ours that goes to `target`: with `rport` (RFC 3581), for us behind a translator. */
export function ownVia(target: SendTarget, localHost: string, branch: string): OwnVia {
  const { transport, localPort } = target.flow;
  const host = bracketed(localHost.toLowerCase());
  // Nobody can connect to us when no listener has the transport: see `localPortFor`.
  const sentBy = localPort === 0 ? host : `${host}:${localPort}`;
  const text = `SIP/2.0/${transport.toUpperCase()} ${sentBy};branch=${branch};rport`;
  return { branch, sentBy, text };
}

/** Writes the request. */
export function writeOutgoing(request: Omit<OutgoingRequest, 'owner'>, via: OwnVia): Uint8Array {
  const { method, uri, body } = request;
  const headers: readonly HeaderLine[] = [['Via', via.text], ...request.headers];
  return writeRequest(
    body === undefined ? { method, uri, headers } : { method, uri, headers, body },
  );
}

/** The ACK of a refusal: Via, Route and Request-URI of its INVITE, To of the response (RFC 3261 §17.1.1.3). */
export function writeRefusalAck(
  invite: OutgoingRequest,
  via: OwnVia,
  response: SipResponse,
): Uint8Array {
  const to = response.headers.first('to') ?? headerOf(invite, 'To');
  const headers: readonly HeaderLine[] = [
    ['Via', via.text],
    ...takenOver(invite, 'ACK'),
    ['To', to],
  ];
  return writeRequest({ method: 'ACK', uri: invite.uri, headers });
}

/** The CANCEL of an INVITE: everything that finds its way is the INVITE's (RFC 3261 §9.1). What answers it says nothing. */
export function cancelOf(
  invite: OutgoingRequest,
  target: SendTarget,
  headers: readonly HeaderLine[],
): OutgoingRequest {
  const to: HeaderLine = ['To', headerOf(invite, 'To')];
  return {
    method: 'CANCEL',
    uri: invite.uri,
    headers: [...takenOver(invite, 'CANCEL'), to, ...headers],
    target,
    localHost: invite.localHost,
    owner: { response: () => undefined, failed: () => undefined },
  };
}

/** What ACK and CANCEL take over from their INVITE, but To. */
function takenOver(invite: OutgoingRequest, method: string): readonly HeaderLine[] {
  const lines: HeaderLine[] = [];
  for (const line of invite.headers) {
    const [name, value] = line;
    if (name === 'Route' || name === 'From' || name === 'Call-ID' || name === 'Max-Forwards') {
      lines.push(line);
    } else if (name === 'CSeq') {
      lines.push(['CSeq', `${value.slice(0, value.indexOf(' '))} ${method}`]);
    }
  }
  return lines;
}

function headerOf(request: OutgoingRequest, name: string): string {
  return request.headers.find((line) => line[0] === name)?.[1] ?? '';
}
