import { DateTime } from 'luxon';

import { assertNever } from '../../../mixer/protocol/coded-error.ts';
import type { WallclockMs } from '../../../mixer/protocol/units.ts';
import type { Language } from '../../reservation/reservation.ts';
import type { ReservationFacts } from '../notice.ts';
import { foldToAscii } from './fold-letters.ts';

/** What an SMS may be about. `starting`: the conference begins now. */
export type SmsKind = 'invitation' | 'reminder' | 'starting' | 'update' | 'cancellation';

/** How an SMS is worded. */
export interface SmsWording {
  readonly kind: SmsKind;
  readonly language: Language;
  /** Sender from the settings; a word begins the text, as some networks replace it. A number does not. */
  readonly sender: string;
  readonly letters: 'ascii' | 'as-written';
}

/** What a draft's SMS is made of before its numbers are known. */
export interface SmsDraft extends SmsWording {
  /** Null: not chosen yet. */
  readonly startAtMs: WallclockMs | null;
  readonly zone: string;
  readonly accessNumbers: ReservationFacts['accessNumbers'];
  readonly numberDigits: number;
  readonly pinDigits: number;
}

interface Parts {
  readonly date: string;
  /** On a clock in the reservation's zone. */
  readonly time: string;
  /** Null where readers know which zone is meant. */
  readonly offset: string | null;
  readonly access: string | null;
  readonly number: string;
  readonly pin: string;
}

/** A time without a zone means this one to readers of a language; null: no language has just one. */
const ZONE_UNDERSTOOD: Readonly<Record<Language, string | null>> = {
  pl: 'Europe/Warsaw',
  en: null,
};

/**
 * The text of an SMS to a participant: when, where to call, what to key in. In ASCII letters it is at most 160 long.
 * Never the organiser's address or the ADMIN PIN.
 */
export function smsText(facts: ReservationFacts, wording: SmsWording): string {
  const { startAtMs, zone, number, pin } = facts.reservation;
  return write(wording, {
    date: dateIn(startAtMs, zone, wording.language),
    time: DateTime.fromMillis(startAtMs, { zone }).toFormat('HH:mm'),
    offset: offsetIn(startAtMs, zone, wording.language),
    access: accessNumber(facts.accessNumbers),
    number,
    pin,
  });
}

/** The same for a draft, as long as the real one can be: `x` stands for everything that is not known yet. */
export function quoteText(draft: SmsDraft): string {
  const { startAtMs, zone, language } = draft;
  const unknownDate = { pl: 'xx.xx', en: 'xxx xx xxx' }[language];
  const offset = offsetIn(startAtMs ?? 0, zone, language);
  return write(draft, {
    date: startAtMs === null ? unknownDate : dateIn(startAtMs, zone, language),
    time: startAtMs === null ? 'xx:xx' : DateTime.fromMillis(startAtMs, { zone }).toFormat('HH:mm'),
    offset: startAtMs === null ? (offset?.replace(/[0-9]/gu, 'x') ?? null) : offset,
    access: accessNumber(draft.accessNumbers),
    number: 'x'.repeat(draft.numberDigits),
    pin: 'x'.repeat(draft.pinDigits),
  });
}

function write(wording: SmsWording, parts: Parts): string {
  const lead = /[A-Za-z]/u.test(wording.sender) ? `${wording.sender.trim()}: ` : '';
  const sentence = { pl: polish, en: english }[wording.language](wording.kind, parts);
  const text = `${lead}${sentence}`;
  return wording.letters === 'ascii' ? foldToAscii(text) : text;
}

function polish(kind: SmsKind, parts: Parts): string {
  const when = `${parts.date} o ${parts.time}${inBrackets(parts.offset)}`;
  const call = parts.access === null ? 'Nr' : `Zadzwoń: ${parts.access}, nr`;
  const how = ` ${call} konferencji ${parts.number}, PIN ${parts.pin}.`;
  switch (kind) {
    case 'invitation':
      return `Zaproszenie na telekonferencję ${when}.${how}`;
    case 'reminder':
      return `Przypomnienie: telekonferencja ${when}.${how}`;
    case 'starting':
      return `Początek telekonferencji ${when}.${how}`;
    case 'update':
      return `Nowy termin telekonferencji: ${when}.${how}`;
    case 'cancellation':
      return `Telekonferencja nr ${parts.number}, ${when}, została odwołana.`;
    default:
      return assertNever(kind);
  }
}

function english(kind: SmsKind, parts: Parts): string {
  const when = `${parts.date} at ${parts.time}${inBrackets(parts.offset)}`;
  const call = parts.access === null ? 'Conference' : `Call ${parts.access}, conference`;
  const how = ` ${call} number ${parts.number}, PIN ${parts.pin}.`;
  switch (kind) {
    case 'invitation':
      return `Invitation to a conference call, ${when}.${how}`;
    case 'reminder':
      return `Reminder: conference call ${when}.${how}`;
    case 'starting':
      return `Conference call begins ${when}.${how}`;
    case 'update':
      return `New time of the conference call: ${when}.${how}`;
    case 'cancellation':
      return `The conference call number ${parts.number}, ${when}, is cancelled.`;
    default:
      return assertNever(kind);
  }
}

function inBrackets(offset: string | null): string {
  return offset === null ? '' : ` (${offset})`;
}

function dateIn(atMs: WallclockMs, zone: string, language: Language): string {
  const local = DateTime.fromMillis(atMs, { zone, locale: 'en' });
  return local.toFormat(language === 'pl' ? 'dd.LL' : 'ccc d LLL');
}

/** `UTC+1`, `UTC-3:30`. */
function offsetIn(atMs: WallclockMs, zone: string, language: Language): string | null {
  if (zone === ZONE_UNDERSTOOD[language]) return null;
  const { offset } = DateTime.fromMillis(atMs, { zone });
  if (offset === 0) return 'UTC';
  const minutes = Math.abs(offset) % 60;
  const hours = Math.floor(Math.abs(offset) / 60);
  const tail = minutes === 0 ? '' : `:${String(minutes).padStart(2, '0')}`;
  return `UTC${offset < 0 ? '-' : '+'}${hours}${tail}`;
}

/** Digits of the first number that anybody may call, else of the first. Null when there is none. */
function accessNumber(numbers: ReservationFacts['accessNumbers']): string | null {
  const chosen = numbers.find(({ reach }) => reach === 'anybody') ?? numbers[0];
  const digits = chosen?.shown.replace(/[^0-9+]/gu, '') ?? '';
  return digits === '' ? null : digits;
}
