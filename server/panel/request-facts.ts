import { parseCookie } from 'cookie';
import type { Request } from 'express';

import type { Credentials } from './gatekeeper.ts';
import { ownOriginsOf } from './own-origin.ts';

/** Longest User-Agent that is passed on. */
const LONGEST_USER_AGENT = 300;

/** What a request brings to prove who sends it. Proxies that are trusted are taken off the address. */
export function credentialsOf(request: Request): Credentials {
  const cookies = parseCookie(request.headers.cookie ?? '');
  return {
    cookie: (name) => (Object.hasOwn(cookies, name) ? (cookies[name] ?? null) : null),
    authorization: request.headers.authorization ?? null,
    address: request.ip ?? '',
    userAgent: (request.headers['user-agent'] ?? '').slice(0, LONGEST_USER_AGENT),
  };
}

/** Origins that a browser on our own pages names: as configured, and as it was reached. */
export function ownOrigins(request: Request, publicUrl: string | null): readonly string[] {
  return ownOriginsOf(request.protocol, request.headers.host, publicUrl);
}

/**
 * The version in If-Match. A weak one counts: proxies that compress weaken our ETags on the way, and versions are
 * numbers that we compare ourselves. What is no single ETag matches no version.
 */
export function ifMatchOf(request: Request): string | null {
  const header = request.get('if-match');
  if (header === undefined) return null;
  return /^(?:W\/)?"([^"]*)"$/u.exec(header.trim())?.[1] ?? header.trim();
}

/** Parameters of the path, decoded. */
export function paramsOf(request: Request): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(request.params).map(([name, value]) => [name, String(value)]),
  );
}

/** The query, split only. */
export function queryOf(request: Request): Readonly<Record<string, string | readonly string[]>> {
  const query: Record<string, string | string[]> = {};
  const text = request.originalUrl.split('?').slice(1).join('?');
  for (const [name, value] of new URLSearchParams(text)) {
    if (name === '__proto__') continue;
    const there = Object.hasOwn(query, name) ? query[name] : undefined;
    query[name] =
      there === undefined ? value : [...(Array.isArray(there) ? there : [there]), value];
  }
  return query;
}

/**
 * A path as it may be logged: `/api/v1/reservations` of `/api/v1/reservations/0a1b…`, `/join` of `/join/…`. Links end
 * in tokens.
 */
export function shownPath(request: Request): string {
  const parts = request.originalUrl.split(/[?#]/u, 1)[0]?.split('/') ?? [];
  const shown = parts[1] === 'api' ? 4 : 2;
  return parts.slice(0, shown).join('/').slice(0, 100);
}
