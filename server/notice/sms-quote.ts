import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';
import type { ReservationEvent } from '../reservation/reservation-recorder.ts';
import type { Reservation } from '../reservation/reservation.ts';
import { fundsOf } from './funds.ts';
import {
  noticeRules,
  planProblems,
  pricedPlan,
  type NoticeRecorderOptions,
} from './notice-recorder.ts';
import { reminderAtMs } from './notice-times.ts';
import type { QuoteRequest, SmsQuote } from './notices.ts';
import { segmentsOf } from './sms/gsm7.ts';
import { quoteText } from './sms/sms-text.ts';
import { smsTextOf } from './sms-cost.ts';

const DAY_MS: DurationMs = 86_400_000;
const HOUR_MS: DurationMs = 3_600_000;

/** What a draft's SMS would be, cost, and be refused for: what the recorder would do if it were booked now. */
export function smsQuote(
  request: QuoteRequest,
  nowMs: WallclockMs,
  options: Omit<NoticeRecorderOptions, 'onNoticeState'>,
): SmsQuote {
  const { ledger, settings, rules, limitOf, store } = options;
  const { standing, profileId } = request;
  const event = pretended(request, nowMs, options);
  const present = standing === null ? [] : store.planned(standing.reservationId);
  const plan = pricedPlan(event, { present, nowMs }, options);
  const problems = planProblems(plan, { profileId, nowMs }, options);
  const text = textOf(request, event.reservation, options);
  const zone = rules.defaultZone;
  const funds = fundsOf(profileId, nowMs, { ledger, settings: settings.sms, zone, limitOf });
  return {
    text,
    segments: segmentsOf(text).segments,
    recipients: request.phones.length,
    costMilli: plan.costMilli,
    availableMilli: funds.availableMilli,
    currency: funds.currency,
    beforeStartUnavailable: whyNotBeforeStart(request, nowMs, options),
    problems,
  };
}

function whyNotBeforeStart(
  request: QuoteRequest,
  nowMs: WallclockMs,
  { settings }: Pick<NoticeRecorderOptions, 'settings'>,
): SmsQuote['beforeStartUnavailable'] {
  if (settings.sms.provider === 'none') return 'not-offered';
  const startAtMs = request.startAtMs ?? request.standing?.startAtMs ?? null;
  if (startAtMs === null) return null;
  return reminderAtMs(startAtMs, nowMs, noticeRules(settings)) === null ? 'start-too-near' : null;
}

/** The booking or change as it would be. Without a start, one that is far enough for every message. */
function pretended(
  request: QuoteRequest,
  nowMs: WallclockMs,
  { rules }: Pick<NoticeRecorderOptions, 'rules'>,
): ReservationEvent {
  const { standing, profileId, zone, language, phones, smsMoments, smsAgain } = request;
  const startAtMs = request.startAtMs ?? standing?.startAtMs ?? nowMs + DAY_MS;
  const draft = { startAtMs, zone, language, phones, smsMoments };
  if (standing !== null) {
    const endAtMs = Math.max(standing.endAtMs, startAtMs + HOUR_MS);
    return {
      type: 'changed',
      reservation: { ...standing, ...draft, endAtMs },
      before: standing,
      smsAgain,
    };
  }
  const reservation: Reservation = {
    ...draft,
    reservationId: '',
    profileId,
    number: 'x'.repeat(rules.numberDigits),
    pin: 'x'.repeat(rules.pinDigits),
    adminPin: null,
    title: '',
    endAtMs: startAtMs + HOUR_MS,
    announcements: 'tone',
    emails: [],
    note: '',
    version: 1,
    createdAtMs: nowMs,
    deletedAtMs: null,
  };
  return { type: 'booked', reservation };
}

function textOf(
  request: QuoteRequest,
  reservation: Reservation,
  { settings, rules, factsOf }: Pick<NoticeRecorderOptions, 'settings' | 'rules' | 'factsOf'>,
): string {
  const { language, zone, standing } = request;
  const { sms } = settings;
  const kind = request.smsAgain === 'send' ? 'update' : 'invitation';
  if (standing !== null) return smsTextOf({ kind, language }, factsOf(reservation, 'phone'), sms);
  const { sender, letters } = sms;
  const { numberDigits, pinDigits } = rules;
  const { accessNumbers } = factsOf(reservation, 'phone');
  const { startAtMs } = request;
  return quoteText({
    kind,
    language,
    sender,
    letters,
    startAtMs,
    zone,
    accessNumbers,
    numberDigits,
    pinDigits,
  });
}
