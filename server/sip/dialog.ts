import { defaultPort } from './received-request.ts';
import type { ReceivedRequest, SendTarget } from './received-request.ts';
import type { HeaderLine } from './message-writer.ts';
import { writeRequest } from './message-writer.ts';
import { parseNameAddress } from './name-address.ts';
import { SipParseError } from './sip-parse-error.ts';
import { asRequestUri, bracketed, isLiteralAddress, parseUri, uriParameter } from './sip-uri.ts';
import type { SipUri } from './sip-uri.ts';
import { isWebSocket } from './user-agent.ts';
import type { SipFlow } from './user-agent.ts';

/** A dialog that a peer's INVITE made, seen from our side (RFC 3261 §12). Plain data; functions return new values. */
export interface Dialog {
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  /** From of our requests: the peer's To with our tag. */
  readonly localAddress: string;
  /** To of our requests: the peer's From. */
  readonly remoteAddress: string;
  /** Record-Route of the INVITE, whole and in order (RFC 3261 §12.1.1). */
  readonly routeSet: readonly string[];
  /** URI of the peer's Contact, or null when it gave none that can be used. */
  readonly remoteTarget: string | null;
  /** Request-URI when there is no remote target. */
  readonly remoteUri: string;
  readonly localCseq: number;
  readonly remoteCseq: number;
  /** How the peer's latest request came. */
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
    callId: envelope.callId,
    localTag,
    remoteTag: envelope.fromTag,
    localAddress: `${envelope.to};tag=${localTag}`,
    remoteAddress: envelope.from,
    routeSet: invite.message.headers.list('record-route').map(checkedRoute),
    remoteTarget: contactUri(invite),
    remoteUri: remoteUri(invite),
    localCseq: 0,
    remoteCseq: envelope.cseqNumber,
    flow,
    reach: reachOf(invite),
  };
}

/** Notes a request of the peer: its CSeq, and the way it came. */
export function noteRequest(dialog: Dialog, request: ReceivedRequest): Dialog {
  const { cseqNumber } = request.envelope;
  return { ...dialog, remoteCseq: cseqNumber, flow: request.flow };
}

/**
 * Takes over the Contact of a re-INVITE (RFC 3261 §12.2.2). A re-INVITE without a usable one changes nothing.
 * @throws SipParseError when Contact cannot be read.
 */
export function refreshTarget(dialog: Dialog, reinvite: ReceivedRequest): Dialog {
  const remoteTarget = contactUri(reinvite);
  return remoteTarget === null ? dialog : { ...dialog, remoteTarget, reach: reachOf(reinvite) };
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

/** A request within a dialog, written, and the dialog with its CSeq counted up. */
export interface DialogRequest {
  readonly bytes: Uint8Array;
  readonly target: SendTarget;
  readonly dialog: Dialog;
}

/**
 * Writes a request within the dialog: Request-URI and Route as RFC 3261 §12.2.1.1 says, loose and strict routers.
 * It goes by the transport of the peer's requests. Those of ours that have no body stay far below the 1,300 bytes
 * above which UDP would have to give way to TCP (§18.1.1).
 */
export function writeDialogRequest(
  dialog: Dialog,
  parts: {
    readonly method: string;
    readonly via: string;
    readonly headers: readonly HeaderLine[];
  },
): DialogRequest {
  const localCseq = dialog.localCseq + 1;
  const { uri, routes } = routing(dialog);
  const headers: HeaderLine[] = [
    ['Via', parts.via],
    ...routes.map((route) => ['Route', route] as const),
    ['Max-Forwards', '70'],
    ['From', dialog.localAddress],
    ['To', dialog.remoteAddress],
    ['Call-ID', dialog.callId],
    ['CSeq', `${localCseq} ${parts.method}`],
    ...parts.headers,
  ];
  return {
    bytes: writeRequest({ method: parts.method, uri, headers }),
    target: requestTarget(dialog),
    dialog: { ...dialog, localCseq },
  };
}

/**
 * Where requests within the dialog go: to the first route, else to the Contact, when these are literal addresses; else
 * back where the peer's own requests came from.
 */
function requestTarget(dialog: Dialog): SendTarget {
  const { flow } = dialog;
  return nextHop(dialog) ?? { flow, host: flow.remoteHost, port: flow.remotePort };
}

/** Whether the peer can be reached only over the flow that its requests come by. */
export function needsFlow(dialog: Dialog): boolean {
  return nextHop(dialog) === null;
}

function nextHop(dialog: Dialog): SendTarget | null {
  // The Contact of a WebSocket peer is a name that leads nowhere (RFC 7118 §5): it is never looked up.
  if (isWebSocket(dialog.flow)) return null;
  const route = dialog.routeSet[0];
  if (route === undefined && dialog.reach === 'flow-only') return null;
  const text = route === undefined ? dialog.remoteTarget : parseNameAddress(route).uri;
  const uri = text === null ? null : parseUri(text);
  if (uri === null || uri.kind !== 'sip') return null;
  const host = uriParameter(uri, 'maddr') ?? uri.host;
  if (!isLiteralAddress(host)) return null;
  return { flow: dialog.flow, host, port: uri.port ?? defaultPort(dialog.flow) };
}

function routing(dialog: Dialog): { readonly uri: string; readonly routes: readonly string[] } {
  const target = dialog.remoteTarget ?? dialog.remoteUri;
  const first = dialog.routeSet[0];
  if (first === undefined) return { uri: target, routes: [] };
  const firstUri = parseUri(parseNameAddress(first).uri);
  if (firstUri.kind === 'sip' && uriParameter(firstUri, 'lr') === undefined) {
    return { uri: asRequestUri(firstUri), routes: [...dialog.routeSet.slice(1), `<${target}>`] };
  }
  return { uri: target, routes: dialog.routeSet };
}

function checkedRoute(route: string): string {
  if (parseUri(parseNameAddress(route).uri).kind !== 'sip') {
    throw new SipParseError('Bad Record-Route');
  }
  return route;
}

function contactUri(request: ReceivedRequest): string | null {
  const contacts = request.message.headers.list('contact');
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
