import type { NoticeOperation } from '../../../server/notice/notice-operation.ts';
import { planNotices } from '../../../server/notice/notice-plan.ts';
import type { Notice, NoticeRules, NoticeState, Organiser } from '../../../server/notice/notice.ts';
import type { ReservationEvent } from '../../../server/reservation/reservation-recorder.ts';
import type { Reservation } from '../../../server/reservation/reservation.ts';
import { at, sampleReservation } from '../reservation/sample-reservations.ts';

const HOUR_MS = 3_600_000;

/** Organiser of the tests. */
export const ORGANISER: Organiser = { name: 'Olga', email: 'olga@example.com', language: 'en' };

/** The product's numbers. */
const NOTICE_RULES: NoticeRules = {
  shortNotice: 'at-start',
  shortNoticeMs: 6 * HOUR_MS,
  reminderMs: HOUR_MS,
};

/** What a desk may differ in. */
export interface DeskOptions {
  readonly now: string;
  readonly rules?: Partial<NoticeRules>;
  readonly organiser?: Organiser | null;
}

/** One reservation and its notices, planned and moved on by hand. Times are written as UTC. */
export class PlanDesk {
  notices: Notice[] = [];
  nowMs: number;
  reservation: Reservation = sampleReservation();
  readonly #rules: NoticeRules;
  readonly #organiser: Organiser | null;
  #made = 0;

  constructor(options: DeskOptions) {
    this.nowMs = at(options.now);
    this.#rules = { ...NOTICE_RULES, ...options.rules };
    this.#organiser = options.organiser ?? null;
  }

  book(differences: Partial<Reservation>): this {
    this.reservation = sampleReservation({ emails: [], ...differences });
    return this.#plan({ type: 'booked', reservation: this.reservation });
  }

  change(differences: Partial<Reservation>, smsAgain: 'send' | 'none' = 'none'): this {
    const before = this.reservation;
    this.reservation = { ...before, ...differences, version: before.version + 1 };
    return this.#plan({ type: 'changed', reservation: this.reservation, before, smsAgain });
  }

  /** As by keys during the conference. */
  extend(end: string): this {
    const before = this.reservation;
    this.reservation = { ...before, endAtMs: at(end), version: before.version + 1 };
    return this.#plan({ type: 'extended', reservation: this.reservation, before });
  }

  cancel(): this {
    this.reservation = { ...this.reservation, deletedAtMs: this.nowMs };
    return this.#plan({ type: 'cancelled', reservation: this.reservation });
  }

  /** Time passes; what is due meanwhile is sent, each at its time. */
  until(now: string): this {
    this.nowMs = at(now);
    this.notices = this.notices.map((notice) =>
      notice.state === 'pending' && notice.dueAtMs <= this.nowMs
        ? { ...notice, state: 'sent', stateAtMs: notice.dueAtMs }
        : notice,
    );
    return this;
  }

  /** Brings the pending ones of a kind into another state; `pending` is being tried again later. */
  all(kind: string, state: NoticeState, reason: string | null = null): this {
    this.notices = this.notices.map((notice) =>
      notice.state === 'pending' && notice.kind === kind
        ? { ...notice, state, reason, attempts: 1, stateAtMs: this.nowMs }
        : notice,
    );
    return this;
  }

  /** Pending ones as `email invitation anna 10:00`, of another day with its date; the earliest first. */
  get pending(): readonly string[] {
    return this.notices
      .filter((notice) => notice.state === 'pending')
      .toSorted((one, other) => one.dueAtMs - other.dueAtMs)
      .map((notice) => this.#line(notice));
  }

  /** Why notices were taken back, as `email reminder anna: deleted`. */
  get takenBack(): readonly string[] {
    return this.notices
      .filter((notice) => notice.state === 'cancelled')
      .map(
        ({ channel, kind, recipient, reason }) =>
          `${channel} ${kind} ${nameOf(recipient)}: ${reason}`,
      );
  }

  /** The one of this kind that waits. */
  waiting(kind: string): Notice {
    const found = this.notices.find((notice) => notice.kind === kind && notice.state === 'pending');
    if (found === undefined) throw new Error(`no ${kind} waits`);
    return found;
  }

  #line({ channel, kind, recipient, dueAtMs }: Notice): string {
    const [day = '', time = ''] = new Date(dueAtMs).toISOString().split('T');
    const [today] = new Date(this.nowMs).toISOString().split('T');
    const clock = time.endsWith(':00.000Z') ? time.slice(0, 5) : time.slice(0, 8);
    const when = day === today ? clock : `${day.slice(5)} ${clock}`;
    return `${channel} ${kind} ${nameOf(recipient)} ${when}`;
  }

  #plan(event: ReservationEvent): this {
    const context = { rules: this.#rules, organiser: this.#organiser, nowMs: this.nowMs };
    for (const operation of planNotices(event, this.notices, context)) this.#apply(operation);
    return this;
  }

  #apply(operation: NoticeOperation): void {
    if (operation.operation === 'insert') {
      this.#made += 1;
      this.notices.push({
        ...operation.draft,
        noticeId: `n${this.#made}`,
        reservationId: 'r1',
        profileId: 'local',
        payload: null,
        createdAtMs: this.nowMs,
        state: 'pending',
        attempts: 0,
        nextAttemptAtMs: operation.draft.dueAtMs,
        stateAtMs: this.nowMs,
        reason: null,
        providerId: null,
        segments: null,
        costMilli: null,
      });
      return;
    }
    const next: Notice =
      operation.operation === 'revise'
        ? operation.notice
        : { ...operation.notice, state: 'cancelled', reason: operation.reason };
    this.notices = this.notices.map((notice) =>
      notice.noticeId === next.noticeId ? next : notice,
    );
  }
}

function nameOf(recipient: string): string {
  return recipient.replace('@example.com', '');
}
