import { decodeUtf8 } from '../sip/octet-string.ts';
import { fieldOf, lookAt } from './message-look.ts';
import type { TraceHeading } from './trace-answer.ts';
import { maskNumbers } from './trace-numbers.ts';
import { maskSecrets } from './trace-secrets.ts';
import type { KeptMessage, TracedCall } from './traced-call.ts';

/** Longest name of a party that is listed. */
const LONGEST_PARTY = 64;

/** What a list tells of a call. `numbers` — of telephones, and names of people. */
export function headingOf(call: TracedCall, numbers: 'masked' | 'shown'): TraceHeading {
  const messages = call.messages;
  const first = messages[0]?.octets ?? '';
  const method = methodOf(first);
  const dialled = dialledNumber(messages[0]);
  const party = (field: string): string =>
    numbers === 'shown' ? field : maskNumbers(field, dialled);
  return {
    callId: decodeUtf8(call.callId),
    dialogId: call.dialogId,
    startedAtMs: call.startedAtMs,
    from: partyOf(party(shownField(first, 'from', 'f'))),
    to: partyOf(party(shownField(first, 'to', 't'))),
    method,
    ...courseOf(messages, method),
    messageCount: call.count,
  };
}

/** The number that somebody dialled to get here; empty for calls of ours. It is one of ours, and no secret. */
export function dialledNumber(first: KeptMessage | undefined): string {
  if (first?.direction !== 'in') return '';
  const look = lookAt(first.octets);
  if (look.kind !== 'request') return '';
  return /^(?:sips?|tel):([^@;:?,]+)/iu.exec(look.uri)?.[1] ?? '';
}

function methodOf(octets: string): string {
  const look = lookAt(octets);
  return look.kind === 'request' ? look.method : look.cseqMethod;
}

/** A header field as a line without secrets. */
function shownField(octets: string, name: string, compact: string): string {
  const value = fieldOf(octets, name, compact);
  return value === null ? '' : decodeUtf8(maskSecrets(`${name}: ${value}`));
}

/** `Anna <48501234567>` of `from: "Anna" <sip:48501234567@192.0.2.1>;tag=1`. */
function partyOf(line: string): string {
  const value = line.slice(line.indexOf(':') + 1).trim();
  const uri = /<([^>]*)>/u.exec(value)?.[1] ?? value.replace(/;.*$/u, '');
  const name = uri === value ? '' : value.slice(0, value.indexOf('<')).replaceAll('"', '').trim();
  const user = /^(?:sips?|tel):([^@;?]+)(?:@|;|$)/iu.exec(uri)?.[1] ?? uri;
  const shown = name === '' || name === user ? user : `${name} <${user}>`;
  return shown.slice(0, LONGEST_PARTY);
}

type Course = Pick<TraceHeading, 'status' | 'durationMs' | 'state'>;

/** How the first transaction ended, and when the call did. */
function courseOf(messages: readonly KeptMessage[], method: string): Course {
  const firstCseq = lookAt(messages[0]?.octets ?? '').cseqNumber;
  let status: number | null = null;
  let answeredAtMs: number | null = null;
  let overAtMs: number | null = null;
  for (const { octets, atMs } of messages) {
    if (octets.startsWith('BYE ')) {
      overAtMs ??= atMs;
    } else if (octets.startsWith('SIP/2.0 ') && answeredAtMs === null) {
      const look = lookAt(octets);
      if (look.kind !== 'response' || look.status < 200 || look.cseqMethod !== method) continue;
      // A challenge that is answered goes on with a higher CSeq; the last answer counts.
      if (look.cseqNumber < firstCseq) continue;
      status = look.status;
      if (look.status < 300) answeredAtMs = atMs;
    }
  }
  if (method !== 'INVITE') {
    return { status, durationMs: null, state: status === null ? 'unanswered' : 'done' };
  }
  if (answeredAtMs === null) {
    return { status, durationMs: null, state: stateUnanswered(messages, status) };
  }
  const untilMs = overAtMs ?? messages.at(-1)?.atMs ?? answeredAtMs;
  const state = overAtMs === null ? 'answered' : 'ended';
  return { status, durationMs: Math.max(0, untilMs - answeredAtMs), state };
}

function stateUnanswered(
  messages: readonly KeptMessage[],
  status: number | null,
): TraceHeading['state'] {
  if (status !== null) return 'refused';
  const heard = new Set(messages.map(({ direction }) => direction));
  return heard.size < 2 ? 'unanswered' : 'trying';
}
