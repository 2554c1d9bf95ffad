import ipaddr from 'ipaddr.js';
import { parseHostPort } from '../sip-uri.ts';

/**
 * Reads `host`, `host:port`, `[IPv6]:port`, and an IPv6 address without brackets, which settings may hold though SIP
 * messages may not. IPv6 comes without brackets.
 * @throws SipParseError for what the check of the settings does not let through.
 */
export function configuredHost(text: string): {
  readonly host: string;
  readonly port: number | null;
} {
  return ipaddr.IPv6.isValid(text) ? { host: text.toLowerCase(), port: null } : parseHostPort(text);
}
