import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { Account } from '../account/account.ts';
import type { BookingProblem } from '../reservation/booking-problem.ts';
import type { Language, Reservation } from '../reservation/reservation.ts';
import type { BookingPreview } from '../reservation/booking-request.ts';
import type { SmsQuote } from '../notice/notices.ts';
import { checkAnswerSchema, checkRequestSchema } from './api/reservation-api.ts';
import type { CheckAnswer, ReservationChangeBody } from './api/reservation-api.ts';
import { bookingFieldProblems } from './booking-refusal.ts';
import { defineRoute } from './define-route.ts';
import type { AnyRoute } from './define-route.ts';
import { whoAsks } from './own-reservation.ts';
import { instantText, type PanelServices } from './panel-services.ts';
import { ProblemError } from './problem-error.ts';
import { BOOKING_BYTES, reservationChange } from './reservation-input.ts';

/** `POST /reservations/check`: what would come of a draft, while it is typed. */
export function checkRoute(services: PanelServices): AnyRoute {
  return defineRoute({
    method: 'POST',
    path: '/reservations/check',
    access: 'reservations:write',
    tag: 'reservations',
    summary: 'What would come of a booking or a change; nothing is kept',
    body: checkRequestSchema,
    bodyBytes: BOOKING_BYTES,
    answers: { 200: checkAnswerSchema },
    handle: ({ identity, nowMs, language, body }) => {
      const account = whoAsks({ identity });
      const standing = standingOf(body.reservationId, account, services);
      const json = check(body.draft, { account, standing, nowMs, language }, services);
      return { status: 200, json };
    },
  });
}

interface CheckContext {
  readonly account: Account;
  readonly standing: Reservation | null;
  readonly nowMs: WallclockMs;
  readonly language: Language;
}

function standingOf(
  reservationId: string | undefined,
  account: Account,
  services: PanelServices,
): Reservation | null {
  if (reservationId === undefined) return null;
  const standing = services.reservations.ofProfile(reservationId, account.accountId);
  if (standing === null) throw new ProblemError('not-found', 404);
  return standing;
}

function check(
  draft: ReservationChangeBody,
  context: CheckContext,
  { reservations, notices }: PanelServices,
): CheckAnswer {
  const { account, standing, nowMs } = context;
  const profileId = account.accountId;
  const zone = draft.zone ?? standing?.zone ?? account.zone;
  const language = draft.language ?? standing?.language ?? account.language;
  const trial = { ...reservationChange(draft), profileId, zone, language };
  const preview = reservations.check(trial, standing, nowMs);
  const { phones, smsMoments, startAtMs } = preview;
  const smsAgain = draft.smsAgain === true ? 'send' : 'none';
  const quote = notices.quote(
    { profileId, startAtMs, zone, language, phones, smsMoments, standing, smsAgain },
    nowMs,
  );
  const emailsAtMs = startAtMs === null ? [] : notices.emailsAtMs(startAtMs, nowMs);
  return {
    problems: bookingFieldProblems(eachOnce([...preview.problems, ...quote.problems]), {
      zone,
      language: context.language,
    }),
    ...times(preview, nowMs),
    emailsAt: emailsAtMs.map(instantText),
    sms: smsView(quote),
  };
}

/** The domain and the notices may say the same of the SMS. */
function eachOnce(problems: readonly BookingProblem[]): readonly BookingProblem[] {
  const known = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return [...known.values()];
}

function times(
  preview: BookingPreview,
  nowMs: WallclockMs,
): Omit<CheckAnswer, 'problems' | 'emailsAt' | 'sms'> {
  const orNull = (atMs: WallclockMs | null): string | null =>
    atMs === null ? null : instantText(atMs);
  return {
    now: instantText(nowMs),
    zone: preview.zone,
    earliestStartAt: instantText(preview.earliestStartAtMs),
    latestStartAt: instantText(preview.latestStartAtMs),
    latestEndAt: orNull(preview.latestEndAtMs),
    startAt: orNull(preview.startAtMs),
    endAt: orNull(preview.endAtMs),
  };
}

function smsView(quote: SmsQuote): CheckAnswer['sms'] {
  const { text, segments, recipients, costMilli, availableMilli, currency } = quote;
  const { beforeStartUnavailable } = quote;
  return {
    text,
    segments,
    recipients,
    costMilli,
    availableMilli,
    currency,
    beforeStartUnavailable,
  };
}
