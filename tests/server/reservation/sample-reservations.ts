import type {
  HistoryQuery,
  ReservationStore,
} from '../../../server/reservation/reservation-store.ts';
import type { Reservation, ReservationRules } from '../../../server/reservation/reservation.ts';
import type { Random } from '../../../server/runtime/random.ts';

/** The numbers of the product's rules. */
export const RULES: ReservationRules = {
  numberDigits: 5,
  pinDigits: 5,
  adminPinDigits: 7,
  earliestStartMs: 600_000,
  latestStartMs: 30 * 86_400_000,
  longestMs: 14 * 86_400_000,
  earlyEntryMs: 300_000,
  activePerProfile: 3,
  keptAfterEndMs: 3_600_000,
  numberRestMs: 90 * 86_400_000,
  defaultZone: 'Europe/Warsaw',
  defaultLanguage: 'pl',
  defaultCountry: '48',
  recipients: 200,
  reminderMs: 3_600_000,
};

/** An instant written in UTC. */
export function at(text: string): number {
  return Date.parse(text);
}

/** A reservation from 10:00 to 12:00 on 2 March, with what differs. */
export function sampleReservation(differences: Partial<Reservation> = {}): Reservation {
  const reservationId = differences.reservationId ?? 'r1';
  return {
    reservationId,
    profileId: 'local',
    number: '40213',
    pin: '70214',
    adminPin: '5520931',
    title: 'Sales',
    startAtMs: at('2026-03-02T10:00Z'),
    endAtMs: at('2026-03-02T12:00Z'),
    zone: 'Europe/Warsaw',
    announcements: 'tone',
    emails: ['anna@example.com'],
    phones: [],
    smsMoments: [],
    note: '',
    language: 'pl',
    version: 1,
    createdAtMs: at('2026-03-01T10:00Z'),
    deletedAtMs: null,
    ...differences,
  };
}

/** Repeatable chance: Park and Miller's minimal standard generator. */
export function seededRandom(seed: number): Random {
  let state = seed;
  const next = (): number => (state = (state * 48_271) % 2_147_483_647);
  return {
    integer: (below) => next() % below,
    hex: (bytes) =>
      Array.from({ length: bytes }, () => (next() % 256).toString(16).padStart(2, '0')).join(''),
  };
}

function overAtMs({ endAtMs, deletedAtMs }: Reservation): number {
  return Math.min(endAtMs, deletedAtMs ?? endAtMs);
}

function historyOf(
  rows: readonly Reservation[],
  profileId: string,
  { before, limit, endedByMs }: HistoryQuery,
): readonly Reservation[] {
  const idOrder = (a: string, b: string): number => (a < b ? 1 : a > b ? -1 : 0);
  return rows
    .filter((row) => row.profileId === profileId)
    .filter((row) => row.deletedAtMs !== null || row.endAtMs <= endedByMs)
    .filter(
      (row) =>
        before === null ||
        overAtMs(row) < before.overAtMs ||
        (overAtMs(row) === before.overAtMs && row.reservationId < before.reservationId),
    )
    .sort((a, b) => overAtMs(b) - overAtMs(a) || idOrder(a.reservationId, b.reservationId))
    .slice(0, limit);
}

/** A store in memory. A transaction that throws leaves nothing behind. */
export function memoryStore(first: readonly Reservation[] = []): ReservationStore {
  let rows = new Map(first.map((reservation) => [reservation.reservationId, reservation]));
  const put = (reservation: Reservation): void => {
    rows.set(reservation.reservationId, reservation);
  };
  return {
    transaction(work) {
      const before = new Map(rows);
      try {
        return work();
      } catch (error) {
        rows = before;
        throw error;
      }
    },
    insert: put,
    update: put,
    byId: (reservationId) => rows.get(reservationId) ?? null,
    history: (profileId, query) => historyOf([...rows.values()], profileId, query),
    latestByNumber: (number) =>
      [...rows.values()].filter((reservation) => reservation.number === number).at(-1) ?? null,
    endingAfter: (atMs, profileId) =>
      [...rows.values()]
        .filter(({ endAtMs, deletedAtMs }) => endAtMs > atMs && deletedAtMs === null)
        .filter((reservation) => profileId === null || reservation.profileId === profileId)
        .sort((a, b) => a.startAtMs - b.startAtMs),
    isNumberInUse: (number, sinceMs) =>
      [...rows.values()].some(
        (reservation) =>
          reservation.number === number &&
          Math.min(reservation.endAtMs, reservation.deletedAtMs ?? reservation.endAtMs) > sinceMs,
      ),
  };
}
