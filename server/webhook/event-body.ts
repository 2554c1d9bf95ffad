import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { Notice } from '../notice/notice.ts';
import type { Reservation } from '../reservation/reservation.ts';
import type { WebhookEventType } from './webhook.ts';

/** What a receiver gets of a reservation: no PIN and no link, since either lets whoever reads it in. */
export interface ReservationData {
  readonly reservationId: string;
  readonly number: string;
  readonly title: string;
  /** Instants in UTC, RFC 3339. */
  readonly start: string;
  readonly end: string;
  readonly zone: string;
  readonly language: string;
  readonly announcements: string;
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  readonly smsMoments: readonly string[];
  readonly note: string;
  readonly version: number;
  readonly createdAt: string;
  readonly deletedAt: string | null;
}

/** What a receiver gets of a notice. */
export interface NoticeData {
  readonly noticeId: string;
  readonly reservationId: string;
  readonly channel: string;
  readonly kind: string;
  readonly recipient: string;
  readonly state: string;
  readonly stateAt: string;
  readonly attempts: number;
  readonly reason: string | null;
  readonly segments: number | null;
  readonly costMilli: number | null;
}

/** What is in `data`: `changed` names what a change touched, PINs by name only. */
export type EventData =
  | { readonly reservation: ReservationData; readonly changed?: readonly string[] }
  | { readonly notice: NoticeData };

/** Body of a delivery. `id` is the same for every webhook that is told, and when it is sent again. */
export interface EventBody {
  readonly id: string;
  readonly type: WebhookEventType;
  readonly createdAt: string;
  readonly data: EventData;
}

/** A body as it is posted. */
export function eventBody(event: {
  readonly id: string;
  readonly type: WebhookEventType;
  readonly createdAtMs: WallclockMs;
  readonly data: EventData;
}): string {
  const { id, type, createdAtMs, data } = event;
  const body: EventBody = { id, type, createdAt: instant(createdAtMs), data };
  return JSON.stringify(body);
}

/** A reservation for `data`. */
export function reservationData(reservation: Reservation): ReservationData {
  const { deletedAtMs } = reservation;
  return {
    reservationId: reservation.reservationId,
    number: reservation.number,
    title: reservation.title,
    start: instant(reservation.startAtMs),
    end: instant(reservation.endAtMs),
    zone: reservation.zone,
    language: reservation.language,
    announcements: reservation.announcements,
    emails: reservation.emails,
    phones: reservation.phones,
    smsMoments: reservation.smsMoments,
    note: reservation.note,
    version: reservation.version,
    createdAt: instant(reservation.createdAtMs),
    deletedAt: deletedAtMs === null ? null : instant(deletedAtMs),
  };
}

/** Names of the fields that differ, as `data` calls them; `pin` and `adminPin` besides. Not `version`, which always does. */
export function changedFields(before: Reservation, after: Reservation): readonly string[] {
  const one = new Map<string, unknown>(Object.entries(comparable(before)));
  return Object.entries(comparable(after))
    .filter(([name, value]) => JSON.stringify(one.get(name)) !== JSON.stringify(value))
    .map(([name]) => name);
}

/** A notice for `data`; null for one about an account, which is not told. */
export function noticeData(notice: Notice): NoticeData | null {
  const { reservationId } = notice;
  if (reservationId === null) return null;
  return {
    noticeId: notice.noticeId,
    reservationId,
    channel: notice.channel,
    kind: notice.kind,
    recipient: notice.recipient,
    state: notice.state,
    stateAt: instant(notice.stateAtMs),
    attempts: notice.attempts,
    reason: notice.reason,
    segments: notice.segments,
    costMilli: notice.costMilli,
  };
}

function comparable(reservation: Reservation): object {
  const { pin, adminPin } = reservation;
  return { ...reservationData({ ...reservation, version: 0 }), pin, adminPin };
}

function instant(atMs: WallclockMs): string {
  return new Date(atMs).toISOString();
}
