import type { DurationMs } from '../../mixer/protocol/units.ts';
import type { Random } from '../runtime/random.ts';
import type { InviteTerms } from './invite-request.ts';
import type { SipResponse } from './message.ts';
import { MAX_ASKED_SECONDS } from './session-timer.ts';
import { SipParseError } from './sip-parse-error.ts';

/** What can be done about a refusal of our INVITE. */
export type Remedy =
  | { readonly type: 'none' }
  /** 503: another host may do better (RFC 3263 §4.3). */
  | { readonly type: 'next-target' }
  | { readonly type: 'credentials' }
  | { readonly type: 'redirect' }
  /** The same again, later. */
  | { readonly type: 'pause'; readonly forMs: DurationMs }
  /** The same again, on other terms. */
  | { readonly type: 'again'; readonly terms: InviteTerms };

const NONE: Remedy = { type: 'none' };

/** Longest wait that somebody who calls is put up with. */
const MAX_PATIENCE_SECONDS = 5;

/** What RFC 3261 §8.1.3 and §21, RFC 4028 §7.3 make of a refusal. */
export function remedyOf(response: SipResponse, terms: InviteTerms, random: Random): Remedy {
  switch (response.status) {
    case 401:
    case 407:
      return { type: 'credentials' };
    case 300:
    case 301:
    case 302:
      return { type: 'redirect' };
    case 420:
      return withoutExtensions(response, terms);
    case 422:
      return withLongerSessions(response, terms);
    case 491:
      // Ours is the Call-ID: between 2.1 and 4 s (RFC 3261 §14.1).
      return { type: 'pause', forMs: 2100 + 10 * random.integer(191) };
    case 503:
      return afterRest(response) ?? { type: 'next-target' };
    case 500:
      return afterRest(response) ?? NONE;
    default:
      return NONE;
  }
}

function withoutExtensions(response: SipResponse, terms: InviteTerms): Remedy {
  const refused = new Set(terms.refusedExtensions);
  for (const name of listOf(response, 'unsupported')) {
    const extension = name.toLowerCase();
    if (extension === 'timer' || extension === '100rel') refused.add(extension);
  }
  if (refused.size === terms.refusedExtensions.size) return NONE;
  return { type: 'again', terms: { ...terms, refusedExtensions: refused } };
}

function withLongerSessions(response: SipResponse, terms: InviteTerms): Remedy {
  const minSeconds = secondsIn(response, 'min-se');
  const { sessionTimers } = terms;
  if (minSeconds === null || minSeconds > MAX_ASKED_SECONDS) return NONE;
  if (minSeconds <= sessionTimers.minSeconds) return NONE;
  const expiresSeconds = Math.max(sessionTimers.expiresSeconds, minSeconds);
  return { type: 'again', terms: { ...terms, sessionTimers: { expiresSeconds, minSeconds } } };
}

function afterRest(response: SipResponse): Remedy | null {
  const seconds = secondsIn(response, 'retry-after');
  if (seconds === null || seconds === 0 || seconds > MAX_PATIENCE_SECONDS) return null;
  return { type: 'pause', forMs: seconds * 1000 };
}

function secondsIn(response: SipResponse, name: string): number | null {
  const digits = /^\d{1,10}/.exec(response.headers.first(name) ?? '')?.[0];
  return digits === undefined ? null : Number(digits);
}

function listOf(response: SipResponse, name: string): readonly string[] {
  try {
    return response.headers.list(name);
  } catch (error) {
    if (!(error instanceof SipParseError)) throw error;
    return [];
  }
}
