import ipaddr from 'ipaddr.js';
import { IANAZone } from 'luxon';
import { z } from 'zod';
import { isLiteralAddress } from '../runtime/literal-address.ts';

/*
 * The kinds of values that settings are made of. The `error` of a field is the noun phrase that follows
 * "expected" when the value is wrong, so every message is written next to the rule it explains.
 */

/** A whole number from `from` to `to`, both included. */
export function wholeNumber(from: number, to: number): z.ZodNumber {
  const error = `a whole number from ${from} to ${to}`;
  return z.number({ error }).int({ error }).min(from, { error }).max(to, { error });
}

/** Text that is not empty; `expected` says what it stands for. */
export function text(expected: string): z.ZodString {
  return z.string({ error: expected }).regex(/\S/u, { error: expected });
}

/** A string of digits. */
export function digits(from: number, to: number): z.ZodString {
  const error = `${from} to ${to} digits in quotes`;
  const pattern = new RegExp(`^[0-9]{${from},${to}}$`, 'u');
  return z.string({ error }).regex(pattern, { error });
}

/** True or false. */
export function flag(): z.ZodBoolean {
  return z.boolean({ error: 'true or false' });
}

/** One of a closed list of words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(
  words: Words,
): z.ZodEnum<{ [Word in Words[number]]: Word }> {
  const quoted = words.map((word) => `"${word}"`);
  const last = quoted.at(-1) ?? '';
  const error = quoted.length === 1 ? last : `${quoted.slice(0, -1).join(', ')} or ${last}`;
  return z.enum(words, { error });
}

/** A host name or a literal address to bind or reach. */
export function host(): z.ZodString {
  const error = 'a host name';
  return z.string({ error }).refine(isHost, { error });
}

/** A host name or literal address, with a port where wanted: `sip.example.net:5080`, `[2001:db8::1]:5080`. */
export function hostPort(): z.ZodString {
  const error = 'a host, or host:port';
  return z.string({ error }).refine(isHostPort, { error });
}

/** A literal address, with a port where wanted: `192.0.2.53:5353`, `[2001:db8::53]:53`. */
export function addressPort(): z.ZodString {
  const error = 'a literal address, or address:port';
  return z.string({ error }).refine(isAddressPort, { error });
}

/** A literal IPv4 or IPv6 address. */
export function literalAddress(expected: string): z.ZodString {
  return z.string({ error: expected }).refine(isLiteralAddress, { error: expected });
}

/** A literal address or a network in CIDR notation (RFC 4632, RFC 4291 §2.3). */
export function network(): z.ZodString {
  const error = 'an address or a network such as 203.0.113.0/24';
  return z.string({ error }).refine(isNetwork, { error });
}

/** A time zone by its IANA name. */
export function timeZone(): z.ZodString {
  const error = 'an IANA time zone such as "Europe/Warsaw"';
  const isZone = (value: string): boolean => value.includes('/') && IANAZone.isValidZone(value);
  return z.string({ error }).refine((value) => value === 'UTC' || isZone(value), { error });
}

function isNetwork(value: string): boolean {
  if (isLiteralAddress(value)) return true;
  const address = value.slice(0, value.indexOf('/'));
  return isLiteralAddress(address) && ipaddr.isValidCIDR(value);
}

/** Letters, digits and hyphens between dots, RFC 1123 §2.1; digits and dots alone must be an address. */
const HOST_NAME = /^(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*$/iu;

function isHostPort(value: string): boolean {
  if (isHost(value)) return true;
  const parts = /^(?:\[(?<six>[^\]]+)\]|(?<host>[^:[\]]+))(?::(?<port>[0-9]{1,5}))?$/u.exec(
    value,
  )?.groups;
  if (parts === undefined) return false;
  const { six, host, port } = parts;
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return false;
  return six === undefined ? isHost(host ?? '') : ipaddr.IPv6.isValid(six);
}

function isAddressPort(value: string): boolean {
  if (isLiteralAddress(value)) return true;
  const {
    0: whole = '',
    1: six,
    2: four = '',
  } = /^(?:\[([^\]]+)\]|([^:]+))(?::\d+)?$/u.exec(value) ?? [];
  return whole !== '' && isHostPort(value) && isLiteralAddress(six ?? four);
}

function isHost(value: string): boolean {
  if (isLiteralAddress(value)) return true;
  return value.length <= 253 && HOST_NAME.test(value) && !/^[0-9.]+$/u.test(value);
}
