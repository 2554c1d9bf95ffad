import type { NoticeStore } from '../server/notice/notice-store.ts';
import type { Channel, Notice, NoticeKind, NoticeState } from '../server/notice/notice.ts';
import type { Language } from '../server/reservation/reservation.ts';
import { DatabaseError, withPlainErrors } from './database-error.ts';
import type { Connection } from './open-database.ts';

interface NoticeRow {
  readonly notice_id: string;
  readonly reservation_id: string | null;
  readonly profile_id: string;
  readonly channel: string;
  readonly kind: string;
  readonly recipient: string;
  readonly language: string;
  readonly payload: string | null;
  readonly created_at_ms: number;
  readonly due_at_ms: number;
  readonly useless_at_ms: number;
  readonly state: string;
  readonly attempts: number;
  readonly next_attempt_at_ms: number;
  readonly state_at_ms: number;
  readonly reason: string | null;
  readonly provider_id: string | null;
  readonly segments: number | null;
  readonly cost_milli: number | null;
}

const COLUMNS = [
  'notice_id',
  'reservation_id',
  'profile_id',
  'channel',
  'kind',
  'recipient',
  'language',
  'payload',
  'created_at_ms',
  'due_at_ms',
  'useless_at_ms',
  'state',
  'attempts',
  'next_attempt_at_ms',
  'state_at_ms',
  'reason',
  'provider_id',
  'segments',
  'cost_milli',
] as const satisfies readonly (keyof NoticeRow)[];

const SELECT = `SELECT ${COLUMNS.join(', ')} FROM notice`;

const INSERT = `INSERT INTO notice (${COLUMNS.join(', ')})
  VALUES (${COLUMNS.map((column) => `@${column}`).join(', ')})`;

const UPDATE = `UPDATE notice SET ${COLUMNS.slice(1)
  .map((column) => `${column} = @${column}`)
  .join(', ')} WHERE notice_id = @notice_id`;

/**
 * What was begun goes before what was not, also when the clock was set back between the two. Those about an account have
 * no reservation: `=` is never true of null, so none of them waits.
 */
const DUE = `${SELECT} WHERE state = 'pending' AND channel = @channel AND next_attempt_at_ms <= @nowMs
  AND NOT EXISTS (SELECT 1 FROM notice AS earlier
    WHERE earlier.reservation_id = notice.reservation_id AND earlier.recipient = notice.recipient
      AND earlier.channel = notice.channel AND earlier.state IN ('pending', 'sending')
      AND (earlier.attempts = 0, earlier.due_at_ms, earlier.sequence)
        < (notice.attempts = 0, notice.due_at_ms, notice.sequence))
  ORDER BY next_attempt_at_ms, sequence LIMIT @limit`;

const NEXT_ATTEMPT = `SELECT min(next_attempt_at_ms) FROM notice
  WHERE state = 'pending' AND channel = @channel AND next_attempt_at_ms > @afterMs`;

const ON_ITS_WAY = `SELECT count(*) FROM notice
  WHERE reservation_id = @reservationId AND recipient = @recipient AND channel = @channel AND kind = @kind
    AND state IN ('pending', 'sending')`;

/** Who was told of a conference that stands must be told of its changes too, however long ago that was. */
const PURGE = `DELETE FROM notice WHERE sequence IN (SELECT sequence FROM notice
  WHERE state IN ('sent', 'delivered', 'failed', 'unknown', 'cancelled', 'too-late') AND state_at_ms < @atMs
    AND NOT EXISTS (SELECT 1 FROM reservation WHERE reservation.reservation_id = notice.reservation_id
      AND reservation.deleted_at_ms IS NULL AND reservation.end_at_ms >= @atMs)
  LIMIT @limit)`;

const CHANNELS: readonly Channel[] = ['email', 'sms'];

const NO_COUNTS: Readonly<Record<NoticeState, number>> = {
  pending: 0,
  sending: 0,
  sent: 0,
  delivered: 0,
  failed: 0,
  unknown: 0,
  cancelled: 0,
  'too-late': 0,
};

/** A record, so that a kind that is added to the union cannot be left out here. */
const KINDS: Readonly<Record<NoticeKind, true>> = {
  invitation: true,
  reminder: true,
  starting: true,
  update: true,
  cancellation: true,
  'organiser-booked': true,
  'organiser-changed': true,
  'organiser-deleted': true,
  'organiser-guessing': true,
  'confirm-address': true,
  'account-exists': true,
  'reset-password': true,
  'password-changed': true,
  'confirm-new-address': true,
  'address-changed': true,
  'invited-to-konfa': true,
};

/** The outbox in SQLite. Every method throws a `DatabaseError` when the database fails. */
export function createNoticeStore(connection: Connection): NoticeStore {
  const file = connection.name;
  const insert = connection.prepare<[NoticeRow]>(INSERT);
  const update = connection.prepare<[NoticeRow]>(UPDATE);
  const byId = connection.prepare<[string], NoticeRow>(`${SELECT} WHERE notice_id = ?`);
  const byProviderId = connection.prepare<[string], NoticeRow>(
    `${SELECT} WHERE provider_id = ? ORDER BY sequence DESC LIMIT 1`,
  );
  const ofReservation = connection.prepare<[string], NoticeRow>(
    `${SELECT} WHERE reservation_id = ? ORDER BY due_at_ms, sequence`,
  );
  const cost = connection
    .prepare<[string], number>(
      `SELECT coalesce(sum(cost_milli), 0) FROM notice INDEXED BY notice_cost
       WHERE reservation_id = ? AND cost_milli IS NOT NULL`,
    )
    .pluck();
  const planned = connection.prepare<[string], NoticeRow>(
    `${SELECT} WHERE reservation_id = ? ORDER BY sequence`,
  );
  const due = connection.prepare<[object], NoticeRow>(DUE);
  // Named, as SQLite prefers an index by state alone and then looks at everything that waits.
  const expired = connection.prepare<[number, number], NoticeRow>(
    `${SELECT} INDEXED BY notice_useless WHERE state = 'pending' AND useless_at_ms <= ? ORDER BY useless_at_ms LIMIT ?`,
  );
  const inState = connection.prepare<[string, number], NoticeRow>(
    `${SELECT} WHERE state = ? ORDER BY state_at_ms DESC, sequence DESC LIMIT ?`,
  );
  const onItsWay = connection.prepare<[object], number>(ON_ITS_WAY).pluck();
  const nextAttempt = connection.prepare<[object], number | null>(NEXT_ATTEMPT).pluck();
  const counts = connection.prepare<[], { state: string; count: number }>(
    'SELECT state, count(*) AS count FROM notice GROUP BY state',
  );
  const purge = connection.prepare<[object]>(PURGE);
  const plain = <T>(work: () => T): T => withPlainErrors(file, work);
  const one = (row: NoticeRow | undefined): Notice | null =>
    row === undefined ? null : fromRow(row, file);
  const all = (rows: readonly NoticeRow[]): readonly Notice[] =>
    rows.map((row) => fromRow(row, file));

  function nextAttemptAtMs(afterMs: number): number | null {
    const instants = CHANNELS.map((channel) => nextAttempt.get({ channel, afterMs }) ?? Infinity);
    const earliest = Math.min(...instants);
    return earliest === Infinity ? null : earliest;
  }

  return {
    transaction: (work) => plain(() => connection.transaction(work).immediate()),
    insert: (notice) => plain(() => void insert.run(toRow(notice))),
    update: (notice) => plain(() => void update.run(toRow(notice))),
    byId: (noticeId) => plain(() => one(byId.get(noticeId))),
    byProviderId: (providerId) => plain(() => one(byProviderId.get(providerId))),
    costMilli: (reservationId) => plain(() => cost.get(reservationId) ?? 0),
    ofReservation: (reservationId) => plain(() => all(ofReservation.all(reservationId))),
    planned: (reservationId) => plain(() => all(planned.all(reservationId))),
    due: (channel, nowMs, limit) => plain(() => all(due.all({ channel, nowMs, limit }))),
    expired: (nowMs, limit) => plain(() => all(expired.all(nowMs, limit))),
    isOnItsWay: ({ reservationId, recipient, channel, kind }) =>
      plain(() => (onItsWay.get({ reservationId, recipient, channel, kind }) ?? 0) > 0),
    inState: (state, limit) => plain(() => all(inState.all(state, limit))),
    nextAttemptAtMs: (afterMs) => plain(() => nextAttemptAtMs(afterMs)),
    counts: () =>
      plain(() => ({
        ...NO_COUNTS,
        ...Object.fromEntries(counts.all().map(({ state, count }) => [state, count])),
      })),
    purge: (atMs, limit) => plain(() => purge.run({ atMs: Math.floor(atMs), limit }).changes),
  };
}

function toRow(notice: Notice): NoticeRow {
  return {
    notice_id: notice.noticeId,
    reservation_id: notice.reservationId,
    profile_id: notice.profileId,
    channel: notice.channel,
    kind: notice.kind,
    recipient: notice.recipient,
    language: notice.language,
    payload: notice.payload,
    created_at_ms: notice.createdAtMs,
    due_at_ms: notice.dueAtMs,
    useless_at_ms: notice.uselessAtMs,
    state: notice.state,
    attempts: notice.attempts,
    next_attempt_at_ms: notice.nextAttemptAtMs,
    state_at_ms: notice.stateAtMs,
    reason: notice.reason,
    provider_id: notice.providerId,
    segments: notice.segments,
    cost_milli: notice.costMilli,
  };
}

function fromRow(row: NoticeRow, file: string): Notice {
  const { channel, kind, language, state } = row;
  if (!isChannel(channel) || !isKind(kind) || !isLanguage(language) || !isState(state)) {
    const sentence = `the database holds a notice that cannot be read: ${file}`;
    throw new DatabaseError('DB_CORRUPT', sentence, { file });
  }
  return {
    noticeId: row.notice_id,
    reservationId: row.reservation_id,
    profileId: row.profile_id,
    channel,
    kind,
    recipient: row.recipient,
    language,
    payload: row.payload,
    createdAtMs: row.created_at_ms,
    dueAtMs: row.due_at_ms,
    uselessAtMs: row.useless_at_ms,
    state,
    attempts: row.attempts,
    nextAttemptAtMs: row.next_attempt_at_ms,
    stateAtMs: row.state_at_ms,
    reason: row.reason,
    providerId: row.provider_id,
    segments: row.segments,
    costMilli: row.cost_milli,
  };
}

function isChannel(text: string): text is Channel {
  return text === 'email' || text === 'sms';
}

function isKind(text: string): text is NoticeKind {
  return Object.hasOwn(KINDS, text);
}

function isLanguage(text: string): text is Language {
  return text === 'pl' || text === 'en';
}

function isState(text: string): text is NoticeState {
  return Object.hasOwn(NO_COUNTS, text);
}
