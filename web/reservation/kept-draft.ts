import type { Draft, SmsMoment, Twin } from './draft.ts';
import type { Recipient } from './recipients.ts';

/** A form that waits in the browser: what was typed, and the key under which it is booked. */
export interface KeptDraft {
  readonly draft: Draft;
  /** What the form began with: shows what was typed, should the reservation change meanwhile. */
  readonly base: Draft;
  /** `Idempotency-Key`: the same over retries, so that a lost answer never books twice. */
  readonly idempotencyKey: string;
}

/** Under what name a form is kept: each account has its own, and each reservation that is edited. */
export function keptDraftName(accountId: string, reservationId: string | null): string {
  return `konfa.draft.${accountId}.${reservationId ?? 'new'}`;
}

/** Writes a form. */
export function writeKeptDraft(kept: KeptDraft): string {
  return JSON.stringify(kept);
}

/** Reads a form; null when it is none, or one of another version of the program. */
export function readKeptDraft(text: string | null): KeptDraft | null {
  if (text === null) return null;
  const value = parse(text);
  if (!isRecord(value) || typeof value['idempotencyKey'] !== 'string') return null;
  const draft = readDraft(value['draft']);
  const base = readDraft(value['base']);
  if (draft === null || base === null) return null;
  return { draft, base, idempotencyKey: value['idempotencyKey'] };
}

function readDraft(value: unknown): Draft | null {
  if (!isRecord(value)) return null;
  const texts = [value['start'], value['end'], value['zone'], value['title'], value['note']];
  const [start, end, zone, title, note] = texts.filter((text) => typeof text === 'string');
  const emails = readRecipients(value['emails']);
  const phones = readRecipients(value['phones']);
  // Where one of the five is missing, the last ones are left without a text.
  if (start === undefined || end === undefined || zone === undefined) return null;
  if (title === undefined || note === undefined) return null;
  if (emails === null || phones === null) return null;
  return {
    ...{ start, end, zone, title, note, emails, phones },
    startTwin: readTwin(value['startTwin']),
    endTwin: readTwin(value['endTwin']),
    language: value['language'] === 'en' ? 'en' : 'pl',
    announcements: readAnnouncements(value['announcements']),
    sms: readSms(value['sms']),
  };
}

function readRecipients(value: unknown): readonly Recipient[] | null {
  if (!Array.isArray(value)) return null;
  const entries: readonly unknown[] = value;
  const recipients: Recipient[] = [];
  for (const entry of entries) {
    if (!isRecord(entry)) return null;
    const { address, name } = entry;
    if (typeof address !== 'string' || typeof name !== 'string') return null;
    recipients.push({ address, name });
  }
  return recipients;
}

function readTwin(value: unknown): Twin {
  return value === 'earlier' || value === 'later' ? value : null;
}

function readAnnouncements(value: unknown): Draft['announcements'] {
  return value === 'off' || value === 'name' ? value : 'tone';
}

function readSms(value: unknown): readonly SmsMoment[] {
  const moments: readonly unknown[] = Array.isArray(value) ? value : [];
  return (['at-booking', 'before-start'] as const).filter((moment) => moments.includes(moment));
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
