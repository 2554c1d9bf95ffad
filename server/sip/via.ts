import {
  forEachParameter,
  isToken,
  parseDigits,
  SEMICOLON,
  findOutside,
  trimmed,
} from './header-value.ts';
import { SipParseError } from './sip-parse-error.ts';
import { bracketed, parseHostPort } from './sip-uri.ts';

/** One value of Via, RFC 3261 §20.42 and RFC 3581. */
export interface Via {
  /** In upper case: `UDP`, `TCP`, or whatever the sender wrote. */
  readonly transport: string;
  readonly sentByHost: string;
  readonly sentByPort: number | null;
  readonly branch: string;
  readonly maddr: string | null;
  /** `absent`, asked for without a value, or a value. */
  readonly rport: number | 'absent' | 'wanted';
  readonly received: string | null;
  /** Every other parameter, as written. */
  readonly otherParameters: string;
}

/** The start of a branch that RFC 3261 §8.1.1.7 prescribes. */
export const MAGIC_COOKIE = 'z9hG4bK';

/**
 * Reads one value of a Via header.
 * @throws SipParseError when protocol, transport or sent-by is missing or malformed.
 */
export function parseVia(value: string): Via {
  const firstSlash = value.indexOf('/');
  const secondSlash = value.indexOf('/', firstSlash + 1);
  if (firstSlash === -1 || secondSlash === -1) throw new SipParseError('Bad Via');
  if (trimmed(value, 0, firstSlash).toUpperCase() !== 'SIP') throw new SipParseError('Bad Via');
  const semicolon = findOutside(value, SEMICOLON, secondSlash);
  const protocolEnd = semicolon;
  const sent = trimmed(value, secondSlash + 1, protocolEnd);
  const blank = firstBlank(sent);
  const transport = sent.slice(0, blank);
  if (!isToken(transport)) throw new SipParseError('Bad Via');
  const sentBy = parseHostPort(trimmed(sent, blank, sent.length));
  return {
    transport: transport.toUpperCase(),
    sentByHost: sentBy.host,
    sentByPort: sentBy.port,
    ...readParameters(value.slice(semicolon)),
  };
}

function firstBlank(text: string): number {
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 32 || code === 9) return i;
  }
  throw new SipParseError('Bad Via');
}

function readParameters(
  parameters: string,
): Pick<Via, 'branch' | 'maddr' | 'rport' | 'received' | 'otherParameters'> {
  let branch = '';
  let maddr: string | null = null;
  let rport: Via['rport'] = 'absent';
  let received: string | null = null;
  let otherParameters = '';
  forEachParameter(parameters, (name, value) => {
    switch (name.toLowerCase()) {
      case 'branch':
        branch = value ?? '';
        break;
      case 'received':
        received = value ?? null;
        break;
      case 'rport':
        rport = value === undefined || value === '' ? 'wanted' : parseDigits(value, 65_535, 'Port');
        break;
      case 'maddr':
        maddr = value ?? null;
        otherParameters += value === undefined ? ';maddr' : `;maddr=${value}`;
        break;
      default:
        otherParameters += value === undefined ? `;${name}` : `;${name}=${value}`;
    }
  });
  return { branch, maddr, rport, received, otherParameters };
}

/** Host and port as in the sender's Via, for comparing: `host` or `host:port`. */
export function sentByOf(via: Via): string {
  return via.sentByPort === null
    ? bracketed(via.sentByHost)
    : `${bracketed(via.sentByHost)}:${via.sentByPort}`;
}

/** Writes a Via. */
export function writeVia(via: Via): string {
  const branch = via.branch === '' ? '' : `;branch=${via.branch}`;
  const received = via.received === null ? '' : `;received=${via.received}`;
  const rport =
    via.rport === 'absent' ? '' : via.rport === 'wanted' ? ';rport' : `;rport=${via.rport}`;
  return `SIP/2.0/${via.transport} ${sentByOf(via)}${branch}${received}${rport}${via.otherParameters}`;
}

/**
 * A received Via with the source of the packet written into it: `received` when the sender names another host or
 * asked for `rport`, and `rport` when asked for (RFC 3261 §18.2.1, RFC 3581 §4).
 */
export function stampVia(via: Via, remoteHost: string, remotePort: number): Via {
  if (via.rport === 'absent') {
    return { ...via, received: via.sentByHost === remoteHost ? null : remoteHost };
  }
  return { ...via, received: remoteHost, rport: remotePort };
}
