import { writeResponse } from './message-writer.ts';
import type { HeaderLine } from './message-writer.ts';
import { ALLOW } from './request-check.ts';
import type { SessionAction, SessionSettings } from './session.ts';
import type { ServerEntry } from './transaction-layer.ts';

/** What an answer of a session holds beside the usual lines. */
export interface SessionReplyParts {
  readonly status: number;
  readonly phrase?: string;
  readonly headers?: readonly HeaderLine[];
  readonly body?: Uint8Array;
}

/** Writes an answer to a request within a dialog, or to the INVITE that makes it. */
export function sessionReply(
  settings: SessionSettings,
  entry: ServerEntry,
  parts: SessionReplyParts,
): Extract<SessionAction, { type: 'respond' }> {
  const { toTag } = entry.request.envelope;
  const given = parts.headers ?? [];
  const allow = given.includes(ALLOW) ? [] : [ALLOW];
  const bytes = writeResponse(entry.request.envelope, {
    ...parts,
    toTag: toTag === '' ? entry.toTag : toTag,
    headers: [...given, ...allow, settings.serverHeader],
  });
  return { type: 'respond', entry, status: parts.status, bytes };
}

/** RFC 3261 §14.2 and RFC 3311 §5.2: another exchange is not over; the peer may come again after 0–10 s. */
export function comeAgain(settings: SessionSettings, entry: ServerEntry): SessionAction {
  const retryAfter: HeaderLine = ['Retry-After', String(settings.random.integer(10))];
  return sessionReply(settings, entry, { status: 500, headers: [retryAfter] });
}
