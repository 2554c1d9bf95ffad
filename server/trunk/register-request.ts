import { createHmac } from 'node:crypto';

import type { Config } from '../config/config.ts';
import { parameter } from '../sip/header-value.ts';
import { hostPortOf } from '../runtime/host-port.ts';
import type { HeaderLine } from '../sip/message-writer.ts';
import type { SipResponse } from '../sip/message.ts';
import { parseNameAddress } from '../sip/name-address.ts';
import { encodeUtf8, presentable } from '../sip/octet-string.ts';
import { SipParseError } from '../sip/sip-parse-error.ts';
import { bracketed, parseHostPort, parseUri } from '../sip/sip-uri.ts';
import { parseVia } from '../sip/via.ts';
import type { Route } from './trunk-core.ts';

/** Settings of a registration. */
export type RegisterSettings = NonNullable<Config['trunks'][number]['register']>;

/** Longest time that a registrar can give or ask for; more is cut. */
const LONGEST_EXPIRY_S = 604_800;
/** Most Contacts and Service-Routes that are looked at. */
const MAX_ENTRIES = 64;

/** What stays the same over all REGISTERs of one registration (RFC 3261 §10.2.4). */
export interface RegisterIdentity {
  readonly settings: RegisterSettings;
  readonly callId: string;
  readonly fromTag: string;
  /** User part of Contact. */
  readonly contactUser: string;
}

/** Request-URI of REGISTER: the registrar, without a user (RFC 3261 §10.2). */
export function registrarUri({ server }: RegisterSettings): string {
  const { host, port } = hostPortOf(server);
  return `sip:${bracketed(host)}${port === null ? '' : `:${port}`}`;
}

/**
 * The user part of our Contact. Calls come to it, so it tells the trunk that they come over, and nobody can guess it. It
 * is made of the password, not of chance: a server that starts again finds its own binding and replaces it.
 */
export function contactUserFor(trunk: string, settings: RegisterSettings): string {
  const facts = JSON.stringify([trunk, settings.server, settings.user]);
  return createHmac('sha256', settings.password).update(facts).digest('hex').slice(0, 32);
}

/** Our address at a route. */
export function contactUri(contactUser: string, { target, localHost }: Route): string {
  const { transport, localPort } = target.flow;
  const port = localPort === 0 ? '' : `:${localPort}`;
  const by = transport === 'udp' ? '' : `;transport=${transport}`;
  return `sip:${contactUser}@${bracketed(localHost)}${port}${by}`;
}

/** What one REGISTER says beyond the identity. */
export interface RegisterParts {
  readonly cseq: number;
  readonly contact: string;
  /** A Contact of ours that no longer holds, to be removed; null: none. */
  readonly formerContact: string | null;
  /** 0 takes the binding back. */
  readonly expiryS: number;
  readonly credentials: readonly HeaderLine[];
}

/** The headers of a REGISTER (RFC 3261 §10.2; Path: RFC 3327). */
export function registerHeaders(
  identity: RegisterIdentity,
  parts: RegisterParts,
): readonly HeaderLine[] {
  const { settings, callId, fromTag } = identity;
  const { host } = hostPortOf(settings.server);
  const address = `<sip:${escapeUser(settings.user)}@${bracketed(host)}>`;
  const contact = `<${parts.contact}>;expires=${parts.expiryS}`;
  const former = parts.formerContact === null ? [] : [`<${parts.formerContact}>;expires=0`];
  return [
    ['From', `${address};tag=${fromTag}`],
    ['To', address],
    ['Call-ID', callId],
    ['CSeq', `${parts.cseq} REGISTER`],
    ['Contact', [contact, ...former].join(', ')],
    ['Expires', String(parts.expiryS)],
    ['Supported', 'path'],
    ...parts.credentials,
  ];
}

/** The time that a 2xx grants to our binding, in seconds: that of our Contact, else Expires, else what was asked for. */
export function grantedS(response: SipResponse, contactUser: string, askedS: number): number {
  const contacts = listOf(response, 'contact').flatMap(readContact);
  const ours = contacts.find(({ user }) => user === contactUser);
  // A registrar may write our address anew; when there is one binding only, it is ours.
  const binding = ours ?? (contacts.length === 1 ? contacts[0] : undefined);
  const whole = seconds(response.headers.first('expires'));
  return Math.min(LONGEST_EXPIRY_S, binding?.expiresS ?? whole ?? askedS);
}

/** What a 423 asks for at least, in seconds (RFC 3261 §10.2.8); null when it does not say. */
export function minExpiresS(response: SipResponse): number | null {
  const asked = seconds(response.headers.first('min-expires'));
  return asked === null ? null : Math.min(LONGEST_EXPIRY_S, asked);
}

/** Service-Route of a 2xx (RFC 3608), in order. */
export function serviceRouteOf(response: SipResponse): readonly string[] {
  return listOf(response, 'service-route').map((route) => presentable(route, 300));
}

/**
 * Where the peer saw our request come from, `host:port`, when it is elsewhere than our Via says (RFC 3581); null when
 * there is no NAT between, or it does not tell. Of a connection only the host counts: its port is of no account.
 */
export function seenAs(response: SipResponse): string | null {
  const [top] = listOf(response, 'via');
  if (top === undefined) return null;
  try {
    const via = parseVia(top);
    const { host } = parseHostPort(bracketed(via.received ?? via.sentByHost));
    if (via.transport !== 'UDP') return host === via.sentByHost ? null : bracketed(host);
    const ownPort = via.sentByPort ?? 5060;
    const port = typeof via.rport === 'number' ? via.rport : ownPort;
    if (host === via.sentByHost && port === ownPort) return null;
    return `${bracketed(host)}:${port}`;
  } catch (error) {
    if (error instanceof SipParseError) return null;
    throw error;
  }
}

function readContact(text: string): readonly { user: string; expiresS: number | null }[] {
  try {
    const address = parseNameAddress(text);
    const uri = parseUri(address.uri);
    const expiresS = seconds(parameter(address.parameters, 'expires'));
    return [{ user: uri.kind === 'sip' ? uri.user : '', expiresS }];
  } catch (error) {
    if (error instanceof SipParseError) return [];
    throw error;
  }
}

function listOf(response: SipResponse, name: string): readonly string[] {
  try {
    return response.headers.list(name).slice(0, MAX_ENTRIES);
  } catch (error) {
    if (error instanceof SipParseError) return [];
    throw error;
  }
}

function seconds(text: string | undefined): number | null {
  const [digits] = /^\d{1,10}(?=\s*$|\s*;)/u.exec(text ?? '') ?? [];
  return digits === undefined ? null : Number(digits);
}

/** A user name as it stands in a URI (RFC 3261 §25.1, "user"). */
function escapeUser(user: string): string {
  return encodeUtf8(user).replace(
    /[^A-Za-z0-9\-_.!~*'()&=+$,;?/]/gu,
    (octet) => `%${octet.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
