import { createHash, timingSafeEqual } from 'node:crypto';

import type { Admission } from './gatekeeper.ts';
import { originVerdict } from './own-origin.ts';
import { ProblemError } from './problem-error.ts';
import type { Access, Identity } from './route.ts';

/** What the guard looks at of a request. Header values; null without the header. */
export interface GuardedRequest {
  readonly method: string;
  readonly origin: string | null;
  readonly secFetchSite: string | null;
  readonly csrfToken: string | null;
  /** Origins that are the panel itself. */
  readonly ownOrigins: readonly string[];
}

/**
 * Lets a request through to a route, or says why not. A browser's changing request must come from our own pages: by
 * Origin, else Sec-Fetch-Site, and in a session by its CSRF token too. A bearer token is proof enough, as no browser
 * sends one by itself.
 * @throws ProblemError 401 or 403.
 */
export function letThrough(
  access: Access,
  admission: Admission,
  request: GuardedRequest,
): Identity | null {
  if (admission.result === 'bad-token') throw new ProblemError('bad-token', 401);
  const identity = admission.result === 'known' ? admission.identity : null;
  const isChange = !/^(?:GET|HEAD|OPTIONS)$/u.test(request.method);
  if (isChange && identity?.via !== 'token' && !isOwnOrigin(request)) {
    throw new ProblemError('wrong-origin', 403);
  }
  if (access === 'public') return identity;
  if (admission.result !== 'known') throw new ProblemError('not-logged-in', 401);
  checkAccess(access, admission);
  if (isChange && admission.identity.via === 'session') {
    if (!isSame(request.csrfToken, admission.csrfToken)) throw new ProblemError('csrf', 403);
  }
  return identity;
}

function checkAccess(
  access: Exclude<Access, 'public'>,
  admission: Extract<Admission, { result: 'known' }>,
): void {
  const { identity, scopes } = admission;
  if (access === 'session') {
    if (identity.via !== 'session') throw new ProblemError('session-needed', 403);
    return;
  }
  if (access === 'administrator' && identity.account.role !== 'administrator') {
    throw new ProblemError('administrator-only', 403);
  }
  const scope = access === 'administrator' ? 'admin' : access;
  if (scopes !== 'all' && !scopes.includes(scope)) throw new ProblemError('scope-missing', 403);
}

/** Programs send neither header; browsers send Origin with every change (Fetch §3.2). */
function isOwnOrigin(request: GuardedRequest): boolean {
  const verdict = originVerdict(request.origin, request.ownOrigins);
  if (verdict !== 'none') return verdict === 'own';
  const site = request.secFetchSite;
  return site === null || site === 'same-origin' || site === 'none';
}

/** In a time that does not depend on where they differ. */
function isSame(given: string | null, expected: string | null): boolean {
  if (given === null || expected === null || expected === '') return false;
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
