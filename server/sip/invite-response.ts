import { quote } from './header-value.ts';
import type { HeaderLine } from './message-writer.ts';
import { encodeUtf8 } from './octet-string.ts';
import type { ReceivedRequest } from './received-request.ts';
import { bracketed, isLiteralAddress, parseUri } from './sip-uri.ts';
import type { ReasonHeader, SipCommand, SipFlow } from './user-agent.ts';

/** Host and port as we write them in Via and Contact. */
export function localHostPort(host: string, flow: SipFlow): string {
  return `${bracketed(host.toLowerCase())}:${flow.localPort}`;
}

/** Contact of our answers: where the peer's further requests shall come. */
export function contactLine(localHost: string, invite: ReceivedRequest): HeaderLine {
  const { flow } = invite;
  const scheme = invite.message.uri.slice(0, 5).toLowerCase() === 'sips:' ? 'sips' : 'sip';
  const transport = flow.transport === 'udp' ? '' : `;transport=${flow.transport}`;
  return ['Contact', `<${scheme}:${localHostPort(localHost, flow)}${transport}>`];
}

/**
 * Contact of a provisional answer, before anybody has said which address of ours the peer shall use: the one that it
 * used itself, when it wrote an address and not a name.
 */
export function provisionalContact(invite: ReceivedRequest): readonly HeaderLine[] {
  const uri = parseUri(invite.message.uri);
  if (uri.kind !== 'sip' || !isLiteralAddress(uri.host)) return [];
  return [contactLine(uri.host, invite)];
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
