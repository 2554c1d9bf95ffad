import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';
import type { Reservation } from '../reservation/reservation.ts';
import type { NewNotice } from './notice-book.ts';
import { isTold } from './notice-operation.ts';
import { emailUselessAtMs, smsUselessAtMs } from './notice-times.ts';
import type { Notice, NoticeState, ReservationNoticeKind } from './notice.ts';

/** What is decided on. `reservation`: as it stands; `isOnItsWay`: the same to the same recipient waits already. */
export interface ResendCase {
  readonly notice: Notice;
  readonly reservation: Reservation | null;
  readonly isOnItsWay: boolean;
  /** Where the organiser's own mails go now. */
  readonly organiserEmail: string | null;
  readonly nowMs: WallclockMs;
}

/** After these a person may ask for another message. One that waits comes by itself, one that arrived is there. */
const RESENDABLE: readonly NoticeState[] = ['sent', 'failed', 'unknown', 'too-late'];

const KINDS: Readonly<Record<string, ReservationNoticeKind>> = {
  invitation: 'invitation',
  reminder: 'reminder',
  starting: 'starting',
  update: 'update',
  cancellation: 'cancellation',
  'organiser-booked': 'organiser-booked',
  'organiser-changed': 'organiser-changed',
  'organiser-deleted': 'organiser-deleted',
};

/**
 * Whether a notice can be sent once more. Not when the conference is over; not to somebody who was taken off the list;
 * not what is not true any more (an invitation to what was deleted); not while the same one is on its way; nothing with
 * the ADMIN PIN to an address that the organiser has given up.
 */
export function resendable({
  notice,
  reservation,
  isOnItsWay,
  organiserEmail,
  nowMs,
}: ResendCase): 'yes' | 'no' | 'too-late' {
  if (reservation === null || !RESENDABLE.includes(notice.state)) return 'no';
  const kind = KINDS[notice.kind];
  if (kind === undefined || !isStillTrue(notice, kind, reservation)) return 'no';
  if (kind.startsWith('organiser-') && notice.recipient !== organiserEmail) return 'no';
  if (isOnItsWay) return 'no';
  return nowMs >= reservation.endAtMs ? 'too-late' : 'yes';
}

/** A message is repeated at most this often: who asks for it ten times fills somebody's mailbox. */
const AGAIN_EVERY_MS: DurationMs = 5 * 60_000;

/**
 * Whether the same message has been sent again just now. The first time may follow at once: somebody stands there and
 * has not got it. `present`: all notices of the reservation.
 */
export function isRepeatedTooOften(
  { recipient, channel, kind }: Notice,
  present: readonly Notice[],
  nowMs: WallclockMs,
): boolean {
  const told = present.filter(
    (one) =>
      one.recipient === recipient && one.channel === channel && one.kind === kind && isTold(one),
  );
  const latestMs = Math.max(...told.map(({ createdAtMs }) => createdAtMs));
  return told.length > 1 && nowMs < latestMs + AGAIN_EVERY_MS;
}

/**
 * The notice that is to be sent once more, as a new row with an id of its own: it is another message, and of an SMS
 * another cost. A calendar still knows it as the same entry, by the reservation.
 */
export function resent(
  notice: Notice,
  reservation: Reservation,
  nowMs: WallclockMs,
): Omit<NewNotice, 'segments' | 'costMilli'> {
  const { reservationId, profileId, channel, kind, recipient } = notice;
  const isOrganisers = kind.startsWith('organiser-');
  // Somebody who asks for a reminder again after the start wants to get in: until the end.
  const asInvitation = 'invitation';
  return {
    reservationId,
    profileId,
    channel,
    kind,
    recipient,
    language: isOrganisers ? notice.language : reservation.language,
    payload: null,
    dueAtMs: nowMs,
    uselessAtMs:
      channel === 'email'
        ? emailUselessAtMs(asInvitation, reservation, nowMs)
        : smsUselessAtMs(asInvitation, reservation, nowMs),
  };
}

function isStillTrue(
  notice: Notice,
  kind: ReservationNoticeKind,
  reservation: Reservation,
): boolean {
  const isDeleted = reservation.deletedAtMs !== null;
  const isListed =
    notice.channel === 'sms'
      ? reservation.phones.includes(notice.recipient)
      : reservation.emails.includes(notice.recipient);
  switch (kind) {
    case 'organiser-deleted':
      return isDeleted;
    case 'organiser-booked':
    case 'organiser-changed':
      return !isDeleted;
    case 'cancellation':
      return isDeleted || !isListed;
    default:
      return !isDeleted && isListed;
  }
}
