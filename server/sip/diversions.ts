import { parameter, splitList } from './header-value.ts';
import type { SipHeaders } from './message.ts';
import { parseNameAddress } from './name-address.ts';
import type { NameAddress } from './name-address.ts';
import { decodeUtf8, presentable } from './octet-string.ts';
import { parseUri, unescapeUri, uriParameter } from './sip-uri.ts';
import type { SipsUri, SipUri } from './sip-uri.ts';
import { readable, userOfUri } from './uri-user.ts';
import type { Diversion } from './user-agent.ts';

/** Stops of a call that are told; the earliest are left out. */
const MAX_DIVERSIONS = 8;
/** Values of a header that are looked at. */
const MAX_VALUES = 32;
const MAX_WORD_CHARACTERS = 32;
const MAX_INDEX_PARTS = 16;

/** Causes in History-Info as reasons of Diversion have them (RFC 7544 §4.1, RFC 4458 §2). */
const REASONS: Readonly<Record<string, string>> = {
  '302': 'unconditional',
  '404': 'unknown',
  '408': 'no-answer',
  '480': 'deflection',
  '486': 'user-busy',
  '487': 'deflection',
  '503': 'unavailable',
};

/**
 * Whom a call was meant for before, the latest first: from Diversion (RFC 5806), or where that is not there from
 * History-Info (RFC 7044). Who wants to be hidden is there without a name. What cannot be read is left out.
 */
export function diversionsOf(headers: SipHeaders): readonly Diversion[] {
  const diverted = fromDiversion(headers);
  return (diverted.length > 0 ? diverted : fromHistory(headers)).slice(0, MAX_DIVERSIONS);
}

/** RFC 5806 §4: one value for each diversion, the latest first. */
function fromDiversion(headers: SipHeaders): readonly Diversion[] {
  return addresses(headers, 'diversion').map(({ uri, parameters }) => {
    const read = readable(() => parseUri(uri));
    const privacy = (wordOf(parameters, 'privacy') || 'off').toLowerCase();
    // `name` hides the display name alone, which is not taken anyway.
    const isHidden = privacy !== 'off' && privacy !== 'none' && privacy !== 'name';
    return { user: isHidden ? '' : shownUser(read), reason: wordOf(parameters, 'reason') };
  });
}

interface HistoryEntry {
  readonly index: readonly number[];
  readonly uri: SipUri | null;
  readonly headers: readonly (readonly [string, string])[];
}

/**
 * RFC 7044 §5: every target in the order of its index, of which the last is ourselves. Why a target was left stands with
 * it as an escaped Reason header, or with the next one as the parameter `cause` of its URI (RFC 4458).
 */
function fromHistory(headers: SipHeaders): readonly Diversion[] {
  const entries = addresses(headers, 'history-info').map(historyEntry);
  const ordered = entries.toSorted((one, other) => compareIndexes(one.index, other.index));
  const allHidden = wishes(headers.lines('privacy')).includes('history');
  const diversions: Diversion[] = [];
  for (let at = ordered.length - 2; at >= 0; at -= 1) {
    const entry = ordered[at];
    const next = ordered[at + 1];
    if (entry === undefined || next === undefined) continue;
    const cause = reasonCause(entry) ?? uriCause(next.uri);
    const reason = cause === null ? '' : (REASONS[cause] ?? cause);
    const isHidden = allHidden || wishes(headerOf(entry, 'privacy')).includes('history');
    diversions.push({ user: isHidden ? '' : shownUser(entry.uri), reason });
  }
  return diversions;
}

function historyEntry({ uri, parameters }: NameAddress): HistoryEntry {
  const read = readable(() => parseUri(uri));
  const index = wordOf(parameters, 'index').split('.').slice(0, MAX_INDEX_PARTS).map(Number);
  const headers = read?.kind === 'sip' ? headersOf(read) : [];
  return { index: index.map((part) => (Number.isFinite(part) ? part : 0)), uri: read, headers };
}

/** What follows the question mark of a URI: `Reason=SIP%3Bcause%3D486&Privacy=history`. */
function headersOf(uri: SipsUri): HistoryEntry['headers'] {
  return uri.headers.split('&', MAX_VALUES).map((pair) => {
    const equals = pair.indexOf('=');
    const name = equals === -1 ? pair : pair.slice(0, equals);
    return [name.toLowerCase(), equals === -1 ? '' : unescapeUri(pair.slice(equals + 1))] as const;
  });
}

function headerOf({ headers }: HistoryEntry, wanted: string): readonly string[] {
  return headers.flatMap(([name, value]) => (name === wanted ? [value] : []));
}

/** SIP says more than Q.850 here: 302 and 486 are 31 and 17 there, 408 has no equal. */
function reasonCause(entry: HistoryEntry): string | null {
  for (const value of headerOf(entry, 'reason')) {
    const cause = /^sip\s*;(?:.*;)?\s*cause\s*=\s*(\d{3})(?!\d)/iu.exec(value)?.[1];
    if (cause !== undefined) return cause;
  }
  return null;
}

function uriCause(uri: SipUri | null): string | null {
  if (uri?.kind !== 'sip') return null;
  const cause = readable(() => uriParameter(uri, 'cause')) ?? '';
  return /^\d{3}$/u.test(cause) ? cause : null;
}

function compareIndexes(one: readonly number[], other: readonly number[]): number {
  for (let at = 0; at < Math.max(one.length, other.length); at += 1) {
    const difference = (one[at] ?? -1) - (other[at] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Empty for who hides behind `anonymous.invalid` (RFC 3323 §4.1.1.3). */
function shownUser(uri: SipUri | null): string {
  if (uri === null || (uri.kind === 'sip' && uri.host === 'anonymous.invalid')) return '';
  return userOfUri(uri);
}

function wordOf(parameters: string, name: string): string {
  const value = readable(() => parameter(parameters, name)) ?? '';
  return presentable(decodeUtf8(value), MAX_WORD_CHARACTERS);
}

/** The addresses in a header, as many as are worth looking at. */
export function addresses(headers: SipHeaders, name: string): readonly NameAddress[] {
  const values = headers.lines(name).flatMap((line) => readable(() => splitList(line)) ?? []);
  return values.slice(0, MAX_VALUES).flatMap((value) => {
    const address = readable(() => parseNameAddress(value));
    return address === null ? [] : [address];
  });
}

/** The words of a Privacy header (RFC 3323 §4.2), in lower case. */
export function wishes(lines: readonly string[]): readonly string[] {
  return lines
    .flatMap((line) => line.split(/[;,]/u, MAX_VALUES))
    .map((value) => value.trim().toLowerCase());
}
