import type { OwnInvite } from './dialog.ts';
import type { HeaderLine } from './message-writer.ts';
import type { OutgoingCall } from './outgoing-call.ts';
import type { OutgoingRequest } from './outgoing-request.ts';
import type { SendTarget } from './received-request.ts';
import type { InviteTarget } from './redirect.ts';
import { ALLOW } from './request-check.ts';
import type { SessionTimerSettings } from './session-timer.ts';
import { bracketed } from './sip-uri.ts';

/** What stays the same in all INVITEs of one call (RFC 3261 §8.1.3.5), or changes by what refusals say. */
export interface InviteTerms {
  readonly call: OutgoingCall;
  readonly callId: string;
  readonly localTag: string;
  readonly userAgentHeader: HeaderLine;
  /** What is asked for by now: 422 raises it. */
  readonly sessionTimers: SessionTimerSettings;
  /** Extensions that somebody on the way refused by 420. */
  readonly refusedExtensions: ReadonlySet<string>;
}

/** Writes an INVITE of a call: but Via, which the transaction layer adds. */
export function inviteRequest(
  terms: InviteTerms,
  to: InviteTarget,
  sending: { readonly cseq: number; readonly credentials: readonly HeaderLine[] },
): Omit<OutgoingRequest, 'owner'> {
  const { call, callId } = terms;
  const { offer, localHost } = call;
  const headers: readonly HeaderLine[] = [
    ...(call.routeSet ?? []).map((route) => ['Route', route] as const),
    ['Max-Forwards', '70'],
    ['From', fromLine(terms)],
    ['To', call.to],
    ['Call-ID', callId],
    ['CSeq', `${sending.cseq} INVITE`],
    ownContact(localHost, to.target),
    ALLOW,
    ...extensionLines(terms),
    terms.userAgentHeader,
    ...sending.credentials,
    ...call.headers,
    ...(offer === null ? [] : [['Content-Type', 'application/sdp'] as const]),
  ];
  const request = { method: 'INVITE', uri: to.uri, headers, target: to.target, localHost };
  return offer === null ? request : { ...request, body: Buffer.from(offer, 'utf8') };
}

/** What the INVITE says of the dialogs that its answers make. */
export function ownInvite(terms: InviteTerms, to: InviteTarget, cseq: number): OwnInvite {
  return {
    callId: terms.callId,
    localTag: terms.localTag,
    localAddress: fromLine(terms),
    remoteAddress: terms.call.to,
    uri: to.uri,
    cseq,
    flow: to.target.flow,
  };
}

/** Contact of a request of ours that goes to `target`. */
export function ownContact(localHost: string, target: SendTarget): HeaderLine {
  const { transport, localPort } = target.flow;
  const host = bracketed(localHost.toLowerCase());
  const hostPort = localPort === 0 ? host : `${host}:${localPort}`;
  const name = transport === 'wss' ? 'ws' : transport;
  return ['Contact', `<sip:${hostPort}${transport === 'udp' ? '' : `;transport=${name}`}>`];
}

function fromLine({ call, localTag }: InviteTerms): string {
  return `${call.from};tag=${localTag}`;
}

/** `timer` and `100rel`, and what goes with them. */
function extensionLines(terms: InviteTerms): readonly HeaderLine[] {
  const { refusedExtensions, sessionTimers } = terms;
  const offered = ['timer', '100rel'].filter((name) => !refusedExtensions.has(name));
  const lines: HeaderLine[] = [['Supported', offered.join(', ')]];
  if (!offered.includes('timer')) return lines;
  lines.push(['Session-Expires', String(sessionTimers.expiresSeconds)]);
  lines.push(['Min-SE', String(sessionTimers.minSeconds)]);
  return lines;
}
