import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';
import type { Reservation } from '../reservation/reservation.ts';
import type { NewNotice, NoticeBook } from './notice-book.ts';
import { planProblems, type NoticeRecorderOptions } from './notice-recorder.ts';
import { emailUselessAtMs } from './notice-times.ts';
import type { Notice } from './notice.ts';
import type { AccountMail } from '../account/account-mail.ts';
import type { Notices, ResendOutcome } from './notices.ts';
import { isRepeatedTooOften, resendable, resent } from './resend.ts';
import { createSmsMeasure } from './sms-cost.ts';
import type { AccountPayload } from './write-message.ts';

/** What single notices are written with. */
export interface SingleNoticesOptions extends NoticeRecorderOptions {
  readonly reservationOf: (reservationId: string) => Reservation | null;
  readonly book: NoticeBook;
}

/** The organiser is told of PIN guessing at most this often. */
const GUESSING_EVERY_MS: DurationMs = 3_600_000;

/** Notices that no booking, change or deletion brings: asked for by a person, about an account, about PIN guessing. */
export function createSingleNotices(
  options: SingleNoticesOptions,
): Pick<Notices, 'mayResend' | 'resend' | 'sendAccountMail' | 'reportGuessing'> {
  const { store, reservationOf, book } = options;

  function mayResend(notice: Notice, nowMs: WallclockMs): 'may' | 'may-not' {
    if (notice.reservationId === null) return 'may-not';
    const reservation = reservationOf(notice.reservationId);
    return judged(notice, reservation, nowMs) === 'yes' ? 'may' : 'may-not';
  }

  function judged(
    notice: Notice,
    reservation: Reservation | null,
    nowMs: WallclockMs,
  ): ReturnType<typeof resendable> {
    const isOnItsWay = store.isOnItsWay(notice);
    const organiserEmail = options.organiserOf(notice.profileId)?.email ?? null;
    return resendable({ notice, reservation, isOnItsWay, organiserEmail, nowMs });
  }

  function resend(reservationId: string, noticeId: string, givenNowMs: WallclockMs): ResendOutcome {
    const nowMs = Math.floor(givenNowMs);
    return store.transaction((): ResendOutcome => {
      const reservation = reservationOf(reservationId);
      const notice = store.byId(noticeId);
      if (notice?.reservationId !== reservationId || reservation === null) {
        return refusedAs('not-found');
      }
      const may = judged(notice, reservation, nowMs);
      if (may === 'no') return refusedAs('not-resendable');
      if (may === 'too-late') return refusedAs('too-late');
      if (isRepeatedTooOften(notice, store.planned(reservationId), nowMs)) {
        return refusedAs('too-often');
      }
      const cost = costOf(notice, reservation, nowMs);
      if (typeof cost === 'string') return refusedAs(cost);
      const queued = book.insert({ ...resent(notice, reservation, nowMs), ...cost }, nowMs);
      return { outcome: 'queued', notice: queued };
    });
  }

  /** What sending it once more takes, or why it cannot be paid. */
  function costOf(
    notice: Notice,
    reservation: Reservation,
    nowMs: WallclockMs,
  ): Pick<Notice, 'segments' | 'costMilli'> | 'no-funds' | 'not-resendable' {
    if (notice.channel === 'email') return { segments: null, costMilli: null };
    const { settings, factsOf } = options;
    const message = { ...notice, language: reservation.language };
    const measure = createSmsMeasure(factsOf(reservation, 'phone'), settings.sms);
    const { segments, costMilli } = measure(message);
    if (costMilli === null) return 'not-resendable';
    const plan = { operations: [], costMilli, smsCount: 1, unpriced: [] };
    const payer = { profileId: reservation.profileId, nowMs };
    const [problem] = planProblems(plan, payer, options);
    if (problem !== undefined) return problem.code === 'no-funds' ? 'no-funds' : 'not-resendable';
    return { segments, costMilli };
  }

  function reportGuessing(reservationId: string, givenNowMs: WallclockMs): void {
    const nowMs = Math.floor(givenNowMs);
    store.transaction(() => {
      const reservation = reservationOf(reservationId);
      if (reservation === null || reservation.deletedAtMs !== null) return;
      if (nowMs >= reservation.endAtMs || isGuessingTold(reservationId, nowMs)) return;
      const draft = guessingMail(reservation, nowMs, options);
      if (draft !== null) book.insert(draft, nowMs);
    });
  }

  function isGuessingTold(reservationId: string, nowMs: WallclockMs): boolean {
    return store
      .ofReservation(reservationId)
      .filter((notice) => notice.kind === 'organiser-guessing')
      .some((notice) => notice.createdAtMs > nowMs - GUESSING_EVERY_MS);
  }

  return {
    mayResend,
    resend,
    reportGuessing,
    sendAccountMail(mail, nowMs) {
      book.insert(accountMailNotice(mail, Math.floor(nowMs)), Math.floor(nowMs));
    },
  };
}

function refusedAs(
  code: Extract<ResendOutcome, { readonly outcome: 'refused' }>['code'],
): ResendOutcome {
  return { outcome: 'refused', code };
}

function accountMailNotice(mail: AccountMail, nowMs: WallclockMs): NewNotice {
  const { kind, accountId, to, name, language, link, uselessAtMs } = mail;
  const payload: AccountPayload = { name, link };
  return {
    reservationId: null,
    profileId: accountId,
    channel: 'email',
    kind,
    recipient: to,
    language,
    payload: JSON.stringify(payload),
    dueAtMs: nowMs,
    uselessAtMs: Math.floor(uselessAtMs),
    segments: null,
    costMilli: null,
  };
}

/** Null: nobody to tell. */
function guessingMail(
  reservation: Reservation,
  nowMs: WallclockMs,
  { organiserOf }: Pick<NoticeRecorderOptions, 'organiserOf'>,
): NewNotice | null {
  const { reservationId, profileId } = reservation;
  const organiser = organiserOf(profileId);
  if (organiser === null) return null;
  const kind = 'organiser-guessing';
  return {
    reservationId,
    profileId,
    channel: 'email',
    kind,
    recipient: organiser.email,
    language: organiser.language,
    payload: null,
    dueAtMs: nowMs,
    uselessAtMs: emailUselessAtMs(kind, reservation, nowMs),
    segments: null,
    costMilli: null,
  };
}
