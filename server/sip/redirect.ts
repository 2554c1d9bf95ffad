import { parameter } from './header-value.ts';
import type { SipResponse } from './message.ts';
import { parseNameAddress } from './name-address.ts';
import { outboundFlow } from './outbound-flow.ts';
import { defaultPort } from './received-request.ts';
import type { SendTarget } from './received-request.ts';
import { SipParseError } from './sip-parse-error.ts';
import { asRequestUri, parseUri } from './sip-uri.ts';
import type { SipsUri } from './sip-uri.ts';

/** Whom to call, and by which way. */
export interface InviteTarget {
  readonly uri: string;
  readonly target: SendTarget;
}

/** Most addresses that one redirection is followed to. */
const MAX_CONTACTS = 5;

/**
 * Where a 3xx leads (RFC 3261 §8.1.3.4): its Contacts, the best `q` first, each once, at most five. Only to hosts that the
 * call was meant for from the start: a redirection must not carry calls or credentials anywhere else.
 * `uri`: whom the call was for; `targets`: the ways to it.
 */
export function redirectTargets(
  response: SipResponse,
  call: { readonly uri: string; readonly targets: readonly SendTarget[] },
): readonly InviteTarget[] {
  const original = sipUri(call.uri);
  const found: InviteTarget[] = [];
  const seen = new Set<string>();
  for (const uri of contactUris(response)) {
    const text = asRequestUri(uri);
    if (seen.has(text)) continue;
    seen.add(text);
    if (seen.size > MAX_CONTACTS) break;
    // The same name stands for the same targets, which were looked up already.
    const isSameName =
      original !== null && uri.host === original.host && uri.port === original.port;
    for (const target of call.targets) {
      if (isSameName) found.push({ uri: text, target });
      else if (uri.host === target.host.toLowerCase()) {
        found.push({ uri: text, target: atPort(target, uri.port) });
        break;
      }
    }
  }
  return found;
}

/** The SIP addresses of a 3xx, the best `q` first; none when they cannot be read. */
export function contactUris(response: SipResponse): readonly SipsUri[] {
  const weighted: { readonly uri: SipsUri; readonly q: number }[] = [];
  try {
    for (const contact of response.headers.list('contact')) {
      const address = parseNameAddress(contact);
      const uri = sipUri(address.uri);
      if (uri !== null) weighted.push({ uri, q: weightOf(address.parameters) });
    }
  } catch (error) {
    if (!(error instanceof SipParseError)) throw error;
  }
  return weighted.sort((one, other) => other.q - one.q).map(({ uri }) => uri);
}

/** RFC 3261 §20.10; one that has none counts as 1. */
function weightOf(parameters: string): number {
  const text = parameter(parameters, 'q');
  if (text === undefined || !/^[01](\.\d{0,3})?$/.test(text)) return 1;
  return Math.min(1, Number(text));
}

function sipUri(text: string): SipsUri | null {
  try {
    const uri = parseUri(text);
    return uri.kind === 'sip' ? uri : null;
  } catch (error) {
    if (!(error instanceof SipParseError)) throw error;
    return null;
  }
}

/** Another port of the same host, by the same transport. */
function atPort(target: SendTarget, wanted: number | null): SendTarget {
  const { flow, host } = target;
  const port = wanted ?? defaultPort(flow);
  const { transport, localPort, tls } = flow;
  if (port === target.port || transport === 'ws' || transport === 'wss') return target;
  // One socket serves all ports by UDP.
  if (transport === 'udp') return { flow: { ...flow, remotePort: port }, host, port };
  const options = { transport, host, port, localPort };
  return { flow: outboundFlow(tls === undefined ? options : { ...options, tls }), host, port };
}
