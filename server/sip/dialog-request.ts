import { isLiteralAddress, plainHost, unscopedHost } from '../runtime/literal-address.ts';
import type { Dialog } from './dialog.ts';
import type { HeaderLine } from './message-writer.ts';
import { parseNameAddress } from './name-address.ts';
import { outboundFlow } from './outbound-flow.ts';
import type { OutgoingRequest } from './outgoing-request.ts';
import { defaultPort } from './received-request.ts';
import type { SendTarget } from './received-request.ts';
import { asRequestUri, parseUri, uriParameter } from './sip-uri.ts';
import type { SipsUri } from './sip-uri.ts';
import { isWebSocket } from './user-agent.ts';
import type { SipFlow } from './user-agent.ts';

/** A request within a dialog, for the transaction layer, and the dialog with its CSeq counted up. */
export interface DialogRequest {
  readonly request: Omit<OutgoingRequest, 'owner'>;
  readonly dialog: Dialog;
}

/** What a request within a dialog holds beside what the dialog says. */
export interface DialogRequestParts {
  readonly method: string;
  /** Literal address for Via. */
  readonly localHost: string;
  readonly headers: readonly HeaderLine[];
  readonly body?: Uint8Array;
}

/**
 * Makes a request within the dialog: Request-URI and Route as RFC 3261 §12.2.1.1 says, loose and strict routers.
 * It goes by the transport of the peer's requests, or by the one that our INVITE went by.
 */
export function dialogRequest(dialog: Dialog, parts: DialogRequestParts): DialogRequest {
  const next = { ...dialog, localCseq: dialog.localCseq + 1 };
  return { request: numberedRequest(next, next.localCseq, parts), dialog: next };
}

/** The ACK of a 2xx to our INVITE with that CSeq (RFC 3261 §13.2.2.4): a request of its own, with no transaction. */
export function dialogAck(
  dialog: Dialog,
  cseq: number,
  parts: Omit<DialogRequestParts, 'method'>,
): Omit<OutgoingRequest, 'owner'> {
  return numberedRequest(dialog, cseq, { ...parts, method: 'ACK' });
}

function numberedRequest(
  dialog: Dialog,
  cseq: number,
  parts: DialogRequestParts,
): Omit<OutgoingRequest, 'owner'> {
  const { method, localHost, body } = parts;
  const { uri, routes } = routing(dialog);
  const headers: readonly HeaderLine[] = [
    ...routes.map((route) => ['Route', route] as const),
    ['Max-Forwards', '70'],
    ['From', dialog.localAddress],
    ['To', dialog.remoteAddress],
    ['Call-ID', dialog.callId],
    ['CSeq', `${cseq} ${method}`],
    ...parts.headers,
  ];
  const target = requestTarget(dialog);
  return { method, uri, headers, target, localHost, ...(body === undefined ? {} : { body }) };
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

/**
 * The dialog from here on when no connection to its Contact can be made: what follows goes back the way that the peer's
 * requests come. Nothing changes where that is the way already.
 */
export function avoidContact(dialog: Dialog): Dialog {
  const hop = dialog.routeSet.length === 0 ? nextHop(dialog) : null;
  const isOtherWay = hop !== null && hop.flow.flowId !== dialog.flow.flowId;
  return isOtherWay ? { ...dialog, reach: 'flow-only' } : dialog;
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
  const flow = flowTo(uri, host, dialog.flow);
  return { flow, host, port: uri.port ?? defaultPort(flow) };
}

/**
 * The flow to the next hop. A peer that is heard by UDP may ask to be called by TCP (RFC 3261 §19.1.1); our Via then names
 * no port, for the one at hand is that of UDP. All else stays on the transport it has: over the connection at hand when
 * that leads to the hop's host, whatever port is written, else over one of our own.
 */
function flowTo(uri: SipsUri, host: string, flow: SipFlow): SipFlow {
  const port = uri.port ?? defaultPort(flow);
  const { localPort, tls, transport } = flow;
  if (transport === 'udp') {
    const isTcpWanted = uriParameter(uri, 'transport')?.toLowerCase() === 'tcp';
    return isTcpWanted ? outboundFlow({ transport: 'tcp', host, port, localPort: 0 }) : flow;
  }
  // A link-local address stands in messages without its scope.
  const isThere = plainHost(host) === unscopedHost(flow.remoteHost);
  if (isThere || (transport !== 'tcp' && transport !== 'tls')) return flow;
  return outboundFlow({ transport, host, port, localPort, ...(tls === undefined ? {} : { tls }) });
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
