import type { HistoryQuery, ReservationStore } from '../server/reservation/reservation-store.ts';
import type {
  Announcements,
  Language,
  ProfileId,
  Reservation,
  SmsMoment,
} from '../server/reservation/reservation.ts';
import { DatabaseError, withPlainErrors } from './database-error.ts';
import type { Connection } from './open-database.ts';

interface ReservationRow {
  readonly reservation_id: string;
  readonly profile_id: string;
  readonly number: string;
  readonly pin: string;
  readonly admin_pin: string | null;
  readonly title: string;
  readonly start_at_ms: number;
  readonly end_at_ms: number;
  readonly zone: string;
  readonly announcements: string;
  readonly emails: string;
  readonly phones: string;
  readonly sms_moments: string;
  readonly note: string;
  readonly language: string;
  readonly version: number;
  readonly created_at_ms: number;
  readonly deleted_at_ms: number | null;
}

const INSERT = `INSERT INTO reservation (reservation_id, profile_id, number, pin, admin_pin, title, start_at_ms,
    end_at_ms, zone, announcements, emails, phones, sms_moments, note, language,
    version, created_at_ms, deleted_at_ms)
  VALUES (@reservation_id, @profile_id, @number, @pin, @admin_pin, @title, @start_at_ms,
    @end_at_ms, @zone, @announcements, @emails, @phones, @sms_moments, @note, @language,
    @version, @created_at_ms, @deleted_at_ms)`;

const UPDATE = `UPDATE reservation SET profile_id = @profile_id, number = @number, pin = @pin, admin_pin = @admin_pin,
    title = @title, start_at_ms = @start_at_ms, end_at_ms = @end_at_ms, zone = @zone,
    announcements = @announcements, emails = @emails, phones = @phones, sms_moments = @sms_moments, note = @note,
    language = @language, version = @version, created_at_ms = @created_at_ms,
    deleted_at_ms = @deleted_at_ms
  WHERE reservation_id = @reservation_id`;

const ENDING_AFTER = `SELECT * FROM reservation
  WHERE end_at_ms > @atMs AND deleted_at_ms IS NULL
  ORDER BY start_at_ms, reservation_id`;

/** A query of its own, so that a profile's list takes the index that begins with the profile. */
const OF_PROFILE_ENDING_AFTER = `SELECT * FROM reservation
  WHERE profile_id = @profileId AND end_at_ms > @atMs AND deleted_at_ms IS NULL
  ORDER BY start_at_ms, reservation_id`;

/** As the index `reservation_history` has it. A comparison of pairs alone would not use the index: see `HISTORY`. */
const OVER_AT = 'min(end_at_ms, coalesce(deleted_at_ms, end_at_ms))';

const HISTORY = `SELECT * FROM reservation
  WHERE profile_id = @profileId AND (deleted_at_ms IS NOT NULL OR end_at_ms <= @endedByMs)
    AND ${OVER_AT} <= @overAtMs AND (${OVER_AT}, reservation_id) < (@overAtMs, @reservationId)
  ORDER BY profile_id DESC, ${OVER_AT} DESC, reservation_id DESC LIMIT @limit`;

const IS_NUMBER_IN_USE = `SELECT
    EXISTS (SELECT 1 FROM reservation
      WHERE number = @number AND end_at_ms > @sinceMs AND coalesce(deleted_at_ms, end_at_ms) > @sinceMs)
    OR EXISTS (SELECT 1 FROM resting_number WHERE number = @number AND over_at_ms > @sinceMs)`;

/** Reservations in SQLite. Every method throws a `DatabaseError` when the database fails. */
export function createReservationStore(connection: Connection): ReservationStore {
  const file = connection.name;
  const insert = connection.prepare<[ReservationRow]>(INSERT);
  const update = connection.prepare<[ReservationRow]>(UPDATE);
  const byId = connection.prepare<[string], ReservationRow>(
    'SELECT * FROM reservation WHERE reservation_id = ?',
  );
  const history = connection.prepare<[object], ReservationRow>(HISTORY);
  const latestByNumber = connection.prepare<[string], ReservationRow>(
    'SELECT * FROM reservation WHERE number = ? ORDER BY created_at_ms DESC, rowid DESC LIMIT 1',
  );
  const endingAfter = connection.prepare<[object], ReservationRow>(ENDING_AFTER);
  const ofProfileEndingAfter = connection.prepare<[object], ReservationRow>(
    OF_PROFILE_ENDING_AFTER,
  );
  const isInUse = connection.prepare<[object], number>(IS_NUMBER_IN_USE).pluck();
  const plain = <T>(work: () => T): T => withPlainErrors(file, work);

  return {
    // Immediate: the lock is taken before the first read, so what the rules saw still holds at the commit.
    transaction: (work) => plain(() => connection.transaction(work).immediate()),
    insert: (reservation) => plain(() => void insert.run(toRow(reservation))),
    update: (reservation) => plain(() => void update.run(toRow(reservation))),
    byId: (reservationId) => plain(() => orNull(byId.get(reservationId), file)),
    history: (profileId, query) =>
      plain(() => history.all(historyRange(profileId, query)).map((row) => fromRow(row, file))),
    latestByNumber: (number) => plain(() => orNull(latestByNumber.get(number), file)),
    endingAfter: (atMs, profileId) =>
      plain(() => {
        const rows =
          profileId === null
            ? endingAfter.all({ atMs })
            : ofProfileEndingAfter.all({ atMs, profileId });
        return rows.map((row) => fromRow(row, file));
      }),
    isNumberInUse: (number, sinceMs) => plain(() => isInUse.get({ number, sinceMs }) === 1),
  };
}

function toRow(reservation: Reservation): ReservationRow {
  return {
    reservation_id: reservation.reservationId,
    profile_id: reservation.profileId,
    number: reservation.number,
    pin: reservation.pin,
    admin_pin: reservation.adminPin,
    title: reservation.title,
    start_at_ms: reservation.startAtMs,
    end_at_ms: reservation.endAtMs,
    zone: reservation.zone,
    announcements: reservation.announcements,
    emails: JSON.stringify(reservation.emails),
    phones: JSON.stringify(reservation.phones),
    sms_moments: JSON.stringify(reservation.smsMoments),
    note: reservation.note,
    language: reservation.language,
    version: reservation.version,
    created_at_ms: reservation.createdAtMs,
    deleted_at_ms: reservation.deletedAtMs,
  };
}

/** A row value below this one is any at all: the newest page. */
const NEWEST = { overAtMs: Number.MAX_SAFE_INTEGER, reservationId: '' };

function historyRange(profileId: ProfileId, { before, limit, endedByMs }: HistoryQuery): object {
  const { overAtMs, reservationId } = before ?? NEWEST;
  return { profileId, endedByMs, limit, overAtMs, reservationId };
}

function orNull(row: ReservationRow | undefined, file: string): Reservation | null {
  return row === undefined ? null : fromRow(row, file);
}

function fromRow(row: ReservationRow, file: string): Reservation {
  const { announcements, language } = row;
  const emails: unknown = JSON.parse(row.emails);
  const phones: unknown = JSON.parse(row.phones);
  const smsMoments: unknown = JSON.parse(row.sms_moments);
  if (
    !isAnnouncements(announcements) ||
    !isLanguage(language) ||
    !isListOfStrings(emails) ||
    !isListOfStrings(phones) ||
    !isSmsMoments(smsMoments)
  ) {
    const sentence = `the database holds a reservation that cannot be read: ${file}`;
    throw new DatabaseError('DB_CORRUPT', sentence, { file });
  }
  return {
    reservationId: row.reservation_id,
    profileId: row.profile_id,
    number: row.number,
    pin: row.pin,
    adminPin: row.admin_pin,
    title: row.title,
    startAtMs: row.start_at_ms,
    endAtMs: row.end_at_ms,
    zone: row.zone,
    announcements,
    emails,
    phones,
    smsMoments,
    note: row.note,
    language,
    version: row.version,
    createdAtMs: row.created_at_ms,
    deletedAtMs: row.deleted_at_ms,
  };
}

function isAnnouncements(text: string): text is Announcements {
  return text === 'off' || text === 'tone' || text === 'name';
}

function isLanguage(text: string): text is Language {
  return text === 'pl' || text === 'en';
}

function isSmsMoments(value: unknown): value is readonly SmsMoment[] {
  return (
    isListOfStrings(value) &&
    value.every((moment) => moment === 'at-booking' || moment === 'before-start')
  );
}

function isListOfStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}
