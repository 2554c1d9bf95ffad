import { isLiteralAddress } from '../runtime/literal-address.ts';
import { quote } from './header-value.ts';
import { writeResponse } from './message-writer.ts';
import type { HeaderLine } from './message-writer.ts';
import { encodeUtf8 } from './octet-string.ts';
import type { ReceivedRequest } from './received-request.ts';
import { bracketed, parseUri } from './sip-uri.ts';
import { isWebSocket } from './user-agent.ts';
import type { ReasonHeader, SipCommand, SipFlow } from './user-agent.ts';

/** Contact of our messages in a dialog: where the peer's further requests shall come. */
export function contactLine(
  localHost: string,
  flow: SipFlow,
  scheme: 'sip' | 'sips' = 'sip',
): HeaderLine {
  // Where nothing listens, the peer comes back over the connection that stands.
  const port = flow.localPort === 0 ? '' : `:${flow.localPort}`;
  const transport = flow.transport === 'udp' ? '' : `;transport=${uriTransport(flow)}`;
  return ['Contact', `<${scheme}:${bracketed(localHost.toLowerCase())}${port}${transport}>`];
}

/** A Request-URI with `sips` wants a Contact with `sips` (RFC 3261 §12.1.1). */
export function schemeOf(request: ReceivedRequest): 'sip' | 'sips' {
  return request.message.uri.slice(0, 5).toLowerCase() === 'sips:' ? 'sips' : 'sip';
}

/** There is one name for both WebSocket transports in a URI (RFC 7118 §5.1). */
function uriTransport(flow: SipFlow): string {
  return isWebSocket(flow) ? 'ws' : flow.transport;
}

/**
 * Contact of a provisional answer, before anybody has said which address of ours the peer shall use: the one that it
 * used itself, when it wrote an address and not a name.
 */
export function provisionalContact(invite: ReceivedRequest): readonly HeaderLine[] {
  const uri = parseUri(invite.message.uri);
  if (uri.kind !== 'sip' || !isLiteralAddress(uri.host)) return [];
  return [contactLine(uri.host, invite.flow, schemeOf(invite))];
}

/** 100 Trying, RFC 3261 §8.2.6.1: without a tag, and with the Timestamp of the request. */
export function writeTrying(invite: ReceivedRequest): Uint8Array {
  const timestamp = invite.message.headers.first('timestamp');
  const headers: readonly HeaderLine[] = timestamp === undefined ? [] : [['Timestamp', timestamp]];
  return writeResponse(invite.envelope, { status: 100, toTag: '', headers });
}

/** Record-Route goes back whole and in order in every answer that makes a dialog (RFC 3261 §12.1.1). */
export function recordRoutes(invite: ReceivedRequest): readonly HeaderLine[] {
  return invite.message.headers.list('record-route').map((route) => ['Record-Route', route]);
}

/** A Reason header (RFC 3326) as a line, or none. */
export function reasonLines(reason: ReasonHeader | null): readonly HeaderLine[] {
  if (reason === null) return [];
  const { protocol, cause, text } = reason;
  return [['Reason', `${protocol};cause=${cause};text=${quote(encodeUtf8(text))}`]];
}

/** The lines that a refusal bears beside the usual ones. */
export function rejectionLines(
  command: Pick<Extract<SipCommand, { type: 'reject' }>, 'retryAfterS' | 'reason'>,
): readonly HeaderLine[] {
  const { retryAfterS, reason } = command;
  const retryAfter: readonly HeaderLine[] =
    retryAfterS === null ? [] : [['Retry-After', String(Math.max(0, Math.ceil(retryAfterS)))]];
  return [...retryAfter, ...reasonLines(reason)];
}
