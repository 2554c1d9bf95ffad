import type { Response } from 'express';

import type { Problem } from './api/problem-api.ts';
import type { ProblemError } from './problem-error.ts';
import type { Reply, ReplyCookie } from './route.ts';

/** Sends what a handler answered. `secure`: cookies go over https only. */
export function sendReply(
  response: Response,
  reply: Reply,
  cookies: 'secure' | 'any-transport',
): void {
  response.status(reply.status);
  for (const cookie of reply.cookies ?? []) setCookie(response, cookie, cookies);
  if (reply.etag !== undefined) response.setHeader('ETag', `"${reply.etag}"`);
  if (reply.location !== undefined) response.setHeader('Location', reply.location);
  if (reply.file !== undefined) {
    response.setHeader('Content-Type', reply.file.contentType);
    response.setHeader('Content-Disposition', attachment(reply.file.name));
    response.send(reply.file.content);
  } else if (reply.json !== undefined) {
    response.json(reply.json);
  } else {
    response.end();
  }
}

/** Sends a refusal. The connection is given up when a body that nobody wants may still be under way. */
export function sendProblem(response: Response, error: ProblemError, body: Problem): void {
  response.status(error.status);
  response.setHeader('Content-Type', 'application/problem+json; charset=utf-8');
  response.setHeader('Content-Language', response.getHeader('Content-Language') ?? 'en');
  if (error.status === 401) response.setHeader('WWW-Authenticate', 'Bearer realm="Konfa"');
  if (error.status === 413) response.setHeader('Connection', 'close');
  if (error.retryAfterSeconds !== null) {
    response.setHeader('Retry-After', String(error.retryAfterSeconds));
  }
  response.send(JSON.stringify(body));
}

/**
 * A file to be saved under this name, RFC 6266: in ASCII for old browsers, in UTF-8 for all others. Nothing that the
 * name holds can end the header or the quotation.
 */
function attachment(name: string): string {
  const plain = Array.from(name.normalize('NFC').replace(/[\p{Cc}\p{Cf}\p{Cs}/\\]+/gu, ' '))
    .slice(0, 100)
    .join('')
    .trim();
  const safe = plain === '' ? 'file' : plain;
  const ascii = safe
    .replaceAll('ł', 'l')
    .replaceAll('Ł', 'L')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\w .()-]/gu, '_');
  const encoded = encodeURIComponent(safe).replace(
    /['()*]/gu,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

function setCookie(
  response: Response,
  cookie: ReplyCookie,
  transport: 'secure' | 'any-transport',
): void {
  response.cookie(cookie.name, cookie.value, {
    maxAge: cookie.maxAgeSeconds * 1000,
    httpOnly: true,
    sameSite: 'lax',
    secure: transport === 'secure',
    path: '/',
  });
}
