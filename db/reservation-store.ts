import type { ReservationStore } from '../server/reservation/reservation-store.ts';
import type { Announcements, Reservation } from '../server/reservation/reservation.ts';
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
  readonly created_at_ms: number;
  readonly deleted_at_ms: number | null;
}

const INSERT = `INSERT INTO reservation (reservation_id, profile_id, number, pin, admin_pin, title, start_at_ms,
    end_at_ms, zone, announcements, emails, created_at_ms, deleted_at_ms)
  VALUES (@reservation_id, @profile_id, @number, @pin, @admin_pin, @title, @start_at_ms,
    @end_at_ms, @zone, @announcements, @emails, @created_at_ms, @deleted_at_ms)`;

const UPDATE = `UPDATE reservation SET profile_id = @profile_id, number = @number, pin = @pin, admin_pin = @admin_pin,
    title = @title, start_at_ms = @start_at_ms, end_at_ms = @end_at_ms, zone = @zone,
    announcements = @announcements, emails = @emails, created_at_ms = @created_at_ms,
    deleted_at_ms = @deleted_at_ms
  WHERE reservation_id = @reservation_id`;

const ENDING_AFTER = `SELECT * FROM reservation
  WHERE end_at_ms > @atMs AND deleted_at_ms IS NULL AND (@profileId IS NULL OR profile_id = @profileId)
  ORDER BY start_at_ms, reservation_id`;

const IS_NUMBER_IN_USE = `SELECT count(*) FROM reservation
  WHERE number = @number AND end_at_ms > @sinceMs AND coalesce(deleted_at_ms, end_at_ms) > @sinceMs`;

/** Reservations in SQLite. Every method throws a `DatabaseError` when the database fails. */
export function createReservationStore(connection: Connection): ReservationStore {
  const file = connection.name;
  const insert = connection.prepare<[ReservationRow]>(INSERT);
  const update = connection.prepare<[ReservationRow]>(UPDATE);
  const byId = connection.prepare<[string], ReservationRow>(
    'SELECT * FROM reservation WHERE reservation_id = ?',
  );
  const latestByNumber = connection.prepare<[string], ReservationRow>(
    'SELECT * FROM reservation WHERE number = ? ORDER BY created_at_ms DESC, rowid DESC LIMIT 1',
  );
  const endingAfter = connection.prepare<[object], ReservationRow>(ENDING_AFTER);
  const countInUse = connection.prepare<[object], number>(IS_NUMBER_IN_USE).pluck();
  const plain = <T>(work: () => T): T => withPlainErrors(file, work);

  return {
    // Immediate: the lock is taken before the first read, so what the rules saw still holds at the commit.
    transaction: (work) => plain(() => connection.transaction(work).immediate()),
    insert: (reservation) => plain(() => void insert.run(toRow(reservation))),
    update: (reservation) => plain(() => void update.run(toRow(reservation))),
    byId: (reservationId) => plain(() => orNull(byId.get(reservationId), file)),
    latestByNumber: (number) => plain(() => orNull(latestByNumber.get(number), file)),
    endingAfter: (atMs, profileId) =>
      plain(() => endingAfter.all({ atMs, profileId }).map((row) => fromRow(row, file))),
    isNumberInUse: (number, sinceMs) => plain(() => (countInUse.get({ number, sinceMs }) ?? 0) > 0),
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
    created_at_ms: reservation.createdAtMs,
    deleted_at_ms: reservation.deletedAtMs,
  };
}

function orNull(row: ReservationRow | undefined, file: string): Reservation | null {
  return row === undefined ? null : fromRow(row, file);
}

function fromRow(row: ReservationRow, file: string): Reservation {
  const emails: unknown = JSON.parse(row.emails);
  if (!isAnnouncements(row.announcements) || !isListOfStrings(emails)) {
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
    announcements: row.announcements,
    emails,
    createdAtMs: row.created_at_ms,
    deletedAtMs: row.deleted_at_ms,
  };
}

function isAnnouncements(text: string): text is Announcements {
  return text === 'off' || text === 'tone' || text === 'name';
}

function isListOfStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}
