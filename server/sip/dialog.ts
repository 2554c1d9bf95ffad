import { isLiteralAddress } from '../runtime/literal-address.ts';
import type { SipHeaders, SipResponse } from './message.ts';
import { parseNameAddress, tagOf } from './name-address.ts';
import type { ReceivedRequest } from './received-request.ts';
import { SipParseError } from './sip-parse-error.ts';
import { asRequestUri, bracketed, parseUri } from './sip-uri.ts';
import type { SipUri } from './sip-uri.ts';
import { isWebSocket } from './user-agent.ts';
import type { SipFlow } from './user-agent.ts';

/** A dialog that an INVITE made, seen from our side (RFC 3261 §12). Plain data; functions return new values. */
export interface Dialog {
  /** `uas`: the peer called us. `uac`: we called, and the Call-ID is ours (RFC 3261 §14.1). */
  readonly role: 'uas' | 'uac';
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  /** From of our requests, with our tag. */
  readonly localAddress: string;
  /** To of our requests, with the peer's tag. */
  readonly remoteAddress: string;
  /** Record-Route of the INVITE, or of its answer turned around, whole (RFC 3261 §12.1.1 and §12.1.2). */
  readonly routeSet: readonly string[];
  /** URI of the peer's Contact, or null when it gave none that can be used. */
  readonly remoteTarget: string | null;
  /** Request-URI when there is no remote target. */
  readonly remoteUri: string;
  readonly localCseq: number;
  /** Of the peer's latest request; −1 before the first. */
  readonly remoteCseq: number;
  /** How the peer's latest request came, or where ours went. */
  readonly flow: SipFlow;
  /** `flow-only`: the peer's Via shows an address translator before it, so that its Contact leads nowhere. */
  readonly reach: 'by-contact' | 'flow-only';
}

/**
 * The dialog that an INVITE opens.
 * @throws SipParseError when Record-Route or Contact cannot be read.
 */
export function createUasDialog(invite: ReceivedRequest, localTag: string): Dialog {
  const { envelope, flow } = invite;
  return {
    role: 'uas',
    callId: envelope.callId,
    localTag,
    remoteTag: envelope.fromTag,
    localAddress: `${envelope.to};tag=${localTag}`,
    remoteAddress: envelope.from,
    routeSet: invite.message.headers.list('record-route').map(checkedRoute),
    remoteTarget: contactUri(invite.message.headers),
    remoteUri: remoteUri(invite),
    localCseq: 0,
    remoteCseq: envelope.cseqNumber,
    flow,
    reach: reachOf(invite),
  };
}

/** What an INVITE of ours says of the dialogs that its answers make. */
export interface OwnInvite {
  readonly callId: string;
  readonly localTag: string;
  /** From, with our tag. */
  readonly localAddress: string;
  /** To, as it was sent: without a tag. */
  readonly remoteAddress: string;
  readonly uri: string;
  readonly cseq: number;
  /** The flow that it went by. */
  readonly flow: SipFlow;
}

/**
 * The dialog that an answer to our INVITE makes, 101–199 with a tag in To or 2xx; each fork makes its own (RFC 3261
 * §12.1.2). A 2xx without a tag, as RFC 2543 had it, makes one too.
 * @throws SipParseError when To, Record-Route or Contact cannot be read.
 */
export function createUacDialog(invite: OwnInvite, answer: SipResponse): Dialog {
  const { headers } = answer;
  const to = headers.first('to') ?? invite.remoteAddress;
  return {
    role: 'uac',
    callId: invite.callId,
    localTag: invite.localTag,
    remoteTag: tagOf(parseNameAddress(to)),
    localAddress: invite.localAddress,
    remoteAddress: to,
    routeSet: headers.list('record-route').map(checkedRoute).reverse(),
    remoteTarget: contactUri(headers),
    remoteUri: invite.uri,
    localCseq: invite.cseq,
    remoteCseq: -1,
    flow: invite.flow,
    reach: 'by-contact',
  };
}

/** Notes a request of the peer: its CSeq, and the way it came. */
export function noteRequest(dialog: Dialog, request: ReceivedRequest): Dialog {
  const { cseqNumber } = request.envelope;
  return { ...dialog, remoteCseq: cseqNumber, flow: request.flow };
}

/**
 * Takes over the Contact of a re-INVITE or UPDATE (RFC 3261 §12.2.2, RFC 3311 §5.2). Without a usable one nothing changes.
 * @throws SipParseError when Contact cannot be read.
 */
export function refreshTarget(dialog: Dialog, request: ReceivedRequest): Dialog {
  const remoteTarget = contactUri(request.message.headers);
  return remoteTarget === null ? dialog : { ...dialog, remoteTarget, reach: reachOf(request) };
}

/** Takes over the Contact of a 2xx to our re-INVITE or UPDATE (RFC 3261 §12.2.1.2), when there is one to be read. */
export function refreshTargetFromAnswer(dialog: Dialog, answer: SipResponse): Dialog {
  try {
    const remoteTarget = contactUri(answer.headers);
    return remoteTarget === null ? dialog : { ...dialog, remoteTarget };
  } catch (error) {
    if (!(error instanceof SipParseError)) throw error;
    return dialog;
  }
}

/**
 * Whether a request belongs to the dialog (RFC 3261 §12.2.2). A browser may come back over another WebSocket, but no
 * browser speaks in a telephone's dialog.
 */
export function isOfDialog(dialog: Dialog, request: ReceivedRequest): boolean {
  if (isWebSocket(dialog.flow) !== isWebSocket(request.flow)) return false;
  const { callId, fromTag, toTag } = request.envelope;
  return callId === dialog.callId && fromTag === dialog.remoteTag && toTag === dialog.localTag;
}

function checkedRoute(route: string): string {
  if (parseUri(parseNameAddress(route).uri).kind !== 'sip') {
    throw new SipParseError('Bad Record-Route');
  }
  return route;
}

function contactUri(headers: SipHeaders): string | null {
  const contacts = headers.list('contact');
  const first = contacts[0];
  if (first === undefined) return null;
  const { uri } = parseNameAddress(first);
  const parsed: SipUri = parseUri(uri);
  if (parsed.kind !== 'sip') return null;
  return parsed.headers === '' ? uri : asRequestUri(parsed);
}

/** The URI of From when it can be called, else one made of the source address. */
function remoteUri(invite: ReceivedRequest): string {
  const { uri } = invite.envelope.fromAddress;
  try {
    if (parseUri(uri).kind === 'sip') return uri;
  } catch (error) {
    if (!(error instanceof SipParseError)) throw error;
  }
  return `sip:${bracketed(invite.flow.remoteHost)}:${invite.flow.remotePort}`;
}

/** A peer that sends straight to us, and names another address than its packets bear, is behind a translator. */
function reachOf(request: ReceivedRequest): Dialog['reach'] {
  const { topVia, otherVias } = request.envelope;
  const isDirect = otherVias.length === 0;
  const isElsewhere = topVia.sentByHost !== request.flow.remoteHost;
  return isDirect && isElsewhere && isLiteralAddress(topVia.sentByHost)
    ? 'flow-only'
    : 'by-contact';
}
