import { SDP } from './sip-lab.ts';

/** What the endpoint makes of a message: final status, `invite` when it goes to the application, or no answer at all. */
export interface Verdict {
  readonly outcome: string;
  /** Reason phrase of the answer; for what is dropped, what the log says of it. */
  readonly says: string;
  /** Why it is so. */
  readonly why: string;
}

/** One point of RFC 4475: a message of our own that makes it, and its verdict. */
export interface TorturePoint extends Verdict {
  /** Name of the message in the RFC's archive. */
  readonly name: string;
  readonly section: string;
  readonly text: string;
}

interface Parts {
  readonly start?: string;
  readonly method?: string;
  readonly uri?: string;
  /** Headers in place of the usual ones, by name; null leaves one out. */
  readonly change?: Readonly<Record<string, string | null>>;
  /** Further header lines. */
  readonly lines?: readonly string[];
  readonly body?: string;
}

/** Writes a message: a plain request of somebody at 198.51.100.7, but for what the point is about. */
export function message(parts: Parts): string {
  const { method = 'OPTIONS', uri = 'sip:room@example.net', change = {}, body = '' } = parts;
  const usual: Readonly<Record<string, string | null>> = {
    Via: 'SIP/2.0/UDP 198.51.100.7:5070;branch=z9hG4bKt0rture',
    'Max-Forwards': '70',
    From: '<sip:dave@example.org>;tag=d1',
    To: '<sip:room@example.net>',
    'Call-ID': 'torture-1@198.51.100.7',
    CSeq: `7 ${method}`,
    Contact: '<sip:dave@198.51.100.7:5070>',
    ...(body === '' ? {} : { 'Content-Type': 'application/sdp' }),
    'Content-Length': String(Buffer.byteLength(body)),
    ...change,
  };
  return [
    parts.start ?? `${method} ${uri} SIP/2.0`,
    ...Object.entries(usual).flatMap(([name, value]) =>
      value === null ? [] : [`${name}: ${value}`],
    ),
    ...(parts.lines ?? []),
    '',
    body,
  ].join('\r\n');
}

/** Writes a response. */
export function response(
  start: string,
  change: Readonly<Record<string, string | null>> = {},
): string {
  return message({
    start,
    change: { CSeq: '7 INVITE', To: '<sip:a@example.net>;tag=2', ...change },
  });
}

/** An INVITE, but for what the point is about. */
export const INVITE: Parts = { method: 'INVITE', body: SDP };
/** A long word. */
export const LONG = 'really'.repeat(40);

/** Answered. */
export const OK: Verdict = { outcome: '200', says: 'OK', why: '' };
/** Goes to the application. */
export const IN: Verdict = { outcome: 'invite', says: '', why: '' };
/** Refused as malformed. */
export const BAD: Verdict = { outcome: '400', says: '', why: '' };
/** What every REGISTER meets. */
export const REGISTRAR: Verdict = {
  outcome: '405',
  says: 'Method Not Allowed',
  why: 'Nobody registers here, however the REGISTER is written.',
};
/** A response that nothing waits for. */
export const STRAY: Verdict = { outcome: 'dropped', says: 'stray', why: '' };
