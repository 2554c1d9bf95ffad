import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccountStore } from '../db/account-store.ts';
import { createCallLogStore } from '../db/call-log-store.ts';
import { createContactStore } from '../db/contact-store.ts';
import { createNoticeStore } from '../db/notice-store.ts';
import { openDatabase } from '../db/open-database.ts';
import { createReservationStore } from '../db/reservation-store.ts';
import type { ApiTokenRecord } from '../server/account/account-store.ts';
import { newTokenSecret, tokenSecretHash } from '../server/account/secrets.ts';
import type { Notice } from '../server/notice/notice.ts';
import type { CallRecord } from '../server/reservation/call-record.ts';
import type { Reservation } from '../server/reservation/reservation.ts';
import { systemRandom } from '../server/runtime/random.ts';

/** A profile that the load acts for. */
export interface PanelProfile {
  readonly token: string;
  /** A reservation that stands. */
  readonly reservationId: string;
}

const PROFILES = 3000;
const RESERVATIONS = 10_000;
const CONTACTS_EACH = 10;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ZONE = 'Europe/Warsaw';

/** What the first rows of each profile are; the rest is over. */
const PLANNED = 0;
const RUNNING = 1;

let filled: { readonly file: string; readonly profiles: readonly PanelProfile[] } | null = null;

/** Puts a database there as `fillPanelDatabase` makes it. It is filled once in a run and then copied. */
export function placePanelDatabase(target: string): readonly PanelProfile[] {
  if (filled === null) {
    const folder = mkdtempSync(join(tmpdir(), 'konfa-bench-'));
    process.once('exit', () => rmSync(folder, { recursive: true }));
    const file = join(folder, 'filled.db');
    filled = { file, profiles: fillPanelDatabase(file) };
  }
  copyFileSync(filled.file, target);
  return filled.profiles;
}

/**
 * Fills a new database: 10,000 reservations of 3,000 profiles (one planned, one running, the others over), what was
 * and will be sent about each, who called, and ten contacts of every profile.
 */
function fillPanelDatabase(file: string): readonly PanelProfile[] {
  const connection = openDatabase({ file });
  const reservations = createReservationStore(connection);
  const notices = createNoticeStore(connection);
  const accounts = createAccountStore(connection);
  const contacts = createContactStore(connection);
  const callLog = createCallLogStore(connection);
  const nowMs = Date.now();
  try {
    // Kept for later: a call record sets how safely it is written, which a transaction does not allow.
    const records: CallRecord[] = [];
    const profiles = connection.transaction(() => {
      const tokens = Array.from({ length: PROFILES }, (_, index) => addProfile(index));
      for (let index = 0; index < RESERVATIONS; index += 1) {
        const reservation = reservationOf(index, nowMs);
        reservations.insert(reservation);
        for (const notice of noticesOf(reservation, nowMs)) notices.insert(notice);
        if (reservation.endAtMs < nowMs) records.push(...callsOf(reservation));
      }
      return tokens.map((token, index) => ({ token, reservationId: idOf(index, PLANNED) }));
    })();
    for (const record of records) callLog.add(record);
    connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return profiles;
  } finally {
    connection.close();
  }

  function addProfile(index: number): string {
    const accountId = accountOf(index);
    const email = `organiser${index}@example.org`;
    accounts.insertAccount({
      accountId,
      email,
      emailKey: email,
      name: `Organiser ${index}`,
      role: 'organiser',
      state: 'active',
      language: index % 2 === 0 ? 'pl' : 'en',
      zone: ZONE,
      monthlyLimitMilli: null,
      passwordHash: null,
      createdAtMs: nowMs - 90 * DAY_MS,
      lastLoginAtMs: null,
    });
    for (let contact = 0; contact < CONTACTS_EACH; contact += 1) {
      contacts.putContact({
        contactId: systemRandom.hex(16),
        profileId: accountId,
        name: `Person ${contact}`,
        email: `person${contact}.${index}@example.net`,
        phone: null,
        groupIds: [],
      });
    }
    const secret = newTokenSecret(systemRandom);
    const token: ApiTokenRecord = {
      tokenId: systemRandom.hex(16),
      accountId,
      secretHash: tokenSecretHash(secret) ?? '',
      name: 'bench',
      scopes: ['reservations:read', 'reservations:write', 'history:read', 'contacts:read'],
      createdAtMs: nowMs,
      lastUsedAtMs: null,
      expiresAtMs: null,
    };
    accounts.insertToken(token);
    return secret;
  }
}

function accountOf(index: number): string {
  return `${index}`.padStart(32, 'a');
}

/** The profile's `turn`th reservation. */
function idOf(profile: number, turn: number): string {
  return `${turn * PROFILES + profile}`.padStart(32, 'e');
}

function reservationOf(index: number, nowMs: number): Reservation {
  const profile = index % PROFILES;
  const turn = Math.floor(index / PROFILES);
  const startAtMs = startOf(turn, index, nowMs);
  return {
    reservationId: idOf(profile, turn),
    profileId: accountOf(profile),
    number: String(10_000 + index),
    pin: String(20_000 + ((index * 7919) % 70_000)),
    adminPin: String(2_000_000 + ((index * 7919) % 7_000_000)),
    title: `Conference ${index}`,
    startAtMs,
    endAtMs: startAtMs + 2 * HOUR_MS,
    zone: ZONE,
    announcements: 'tone',
    emails: [`one${index}@example.net`, `two${index}@example.net`],
    phones: [],
    smsMoments: [],
    note: 'What we talk about is in the usual place.',
    language: index % 2 === 0 ? 'pl' : 'en',
    version: 1,
    createdAtMs: startAtMs - 3 * DAY_MS,
    deletedAtMs: null,
  };
}

/** Whole minutes. Planned ones are days away, so that nothing falls due during the run but what it books. */
function startOf(turn: number, index: number, nowMs: number): number {
  const minuteMs = Math.floor(nowMs / 60_000) * 60_000;
  if (turn === PLANNED) return minuteMs + DAY_MS * (2 + (index % 20));
  if (turn === RUNNING) return minuteMs - HOUR_MS;
  return minuteMs - DAY_MS * (1 + (index % 60));
}

/** Invitations, reminders and what the organiser got; the reminders of what is planned wait. */
function noticesOf(reservation: Reservation, nowMs: number): readonly Notice[] {
  const { emails, startAtMs, endAtMs, createdAtMs, profileId } = reservation;
  const sentAtMs = Math.min(createdAtMs, nowMs);
  const remindAtMs = startAtMs - HOUR_MS;
  const base = {
    reservationId: reservation.reservationId,
    profileId,
    channel: 'email',
    language: reservation.language,
    payload: null,
    createdAtMs: sentAtMs,
    uselessAtMs: endAtMs,
    reason: null,
    providerId: null,
    segments: null,
    costMilli: null,
  } as const;
  const sent = { state: 'sent', attempts: 1, stateAtMs: sentAtMs } as const;
  const pending = { state: 'pending', attempts: 0, stateAtMs: sentAtMs } as const;
  const about = (kind: Notice['kind'], recipient: string, atMs: number): Notice => ({
    ...base,
    ...(atMs > nowMs ? pending : sent),
    noticeId: systemRandom.hex(16),
    kind,
    recipient,
    dueAtMs: atMs,
    nextAttemptAtMs: atMs,
  });
  return [
    about('organiser-booked', `organiser@example.org`, sentAtMs),
    ...emails.flatMap((email) => [
      about('invitation', email, sentAtMs),
      about('reminder', email, remindAtMs),
    ]),
  ];
}

function callsOf(reservation: Reservation): readonly CallRecord[] {
  const { reservationId, number, startAtMs } = reservation;
  return [0, 1, 2].map((caller): CallRecord => ({
    callId: `${reservationId}-${caller}`,
    trunk: 'load',
    caller: `+4850123456${caller}`,
    calledNumber: '908',
    diversions: [],
    room: number,
    roomId: reservationId,
    enteredAtMs: startAtMs + caller * 30_000,
    role: caller === 0 ? 'moderator' : 'participant',
    startAtMs: startAtMs + caller * 30_000 - 20_000,
    answerAtMs: startAtMs + caller * 30_000 - 19_000,
    endAtMs: startAtMs + HOUR_MS,
    cause: 'normal',
    codec: 'PCMA',
    packetsIn: 180_000,
    packetsOut: 180_000,
    packetsLost: 3,
    jitterMs: 1.5,
    dtmfMethod: 'rfc4733',
    via: 'phone',
    guestName: null,
    seatId: null,
  }));
}
