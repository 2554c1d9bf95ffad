import { createHash } from 'node:crypto';

import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { Notice } from '../notice/notice.ts';
import type { Reservation } from '../reservation/reservation.ts';
import { reservationState } from '../reservation/rules.ts';
import type { NoticeView, ReservationView } from './api/reservation-api.ts';
import { instantText, type PanelServices } from './panel-services.ts';
import { ProblemError } from './problem-error.ts';

/** A reservation as its organiser sees it. */
export function reservationView(
  reservation: Reservation,
  services: PanelServices,
  nowMs: WallclockMs,
): ReservationView {
  const { rules, live, notices } = services;
  const { reservationId, startAtMs, endAtMs, deletedAtMs } = reservation;
  const people = live.people(reservationId);
  return {
    reservationId,
    state: reservationState(reservation, { nowMs, people, rules }),
    number: reservation.number,
    pin: reservation.pin,
    adminPin: reservation.adminPin,
    startAt: instantText(startAtMs),
    endAt: instantText(endAtMs),
    zone: reservation.zone,
    title: reservation.title,
    note: reservation.note,
    language: reservation.language,
    announcements: reservation.announcements,
    emails: [...reservation.emails],
    phones: [...reservation.phones],
    sms: [...reservation.smsMoments],
    joinUrl: participantsUrl(reservationId, services),
    version: reservation.version,
    createdAt: instantText(reservation.createdAtMs),
    deletedAt: deletedAtMs === null ? null : instantText(deletedAtMs),
    freesAt: instantText(deletedAtMs ?? endAtMs + rules.keptAfterEndMs),
    people,
    costMilli: notices.costMilli(reservationId),
  };
}

/** The link of all participants. */
export function participantsUrl(
  reservationId: string,
  { joinLinks }: Pick<PanelServices, 'joinLinks'>,
): string {
  return joinLinks.urlFor({ reservationId, role: 'participant', person: null });
}

/**
 * The ETag of a view: the version that If-Match is about, and a digest of the rest, since people come and go without
 * a new version.
 */
export function viewEtag(view: ReservationView): string {
  const digest = createHash('sha256').update(JSON.stringify(view)).digest('hex').slice(0, 12);
  return `${view.version}-${digest}`;
}

/**
 * The version in an If-Match: `3`, or an ETag of `viewEtag`. Null when any will do.
 * @throws ProblemError 412 for what cannot be a version of ours.
 */
export function seenVersion(ifMatch: string | null): number | null {
  if (ifMatch === null || ifMatch === '*') return null;
  const version = /^(\d{1,9})(?:-[0-9a-f]{12})?$/u.exec(ifMatch)?.[1];
  if (version === undefined) throw new ProblemError('version-differs', 412);
  return Number(version);
}

/** A notice as the organiser sees it. */
export function noticeView(
  notice: Notice,
  services: PanelServices,
  nowMs: WallclockMs,
): NoticeView {
  return {
    noticeId: notice.noticeId,
    channel: notice.channel,
    kind: notice.kind,
    recipient: notice.recipient,
    state: notice.state,
    dueAt: instantText(notice.dueAtMs),
    stateAt: instantText(notice.stateAtMs),
    attempts: notice.attempts,
    reason: notice.reason,
    segments: notice.segments,
    costMilli: notice.costMilli,
    mayResend: services.notices.mayResend(notice, nowMs) === 'may',
  };
}
