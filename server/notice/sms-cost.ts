import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { Config } from '../config/config.ts';
import type { BookingProblem } from '../reservation/booking-problem.ts';
import type { Language } from '../reservation/reservation.ts';
import type { NoticeDraft, NoticeOperation } from './notice-operation.ts';
import type { Notice, NoticeKind, ReservationFacts } from './notice.ts';
import type { Funds } from './notices.ts';
import { segmentsOf } from './sms/gsm7.ts';
import { priceMilliOf } from './sms/price-list.ts';
import { smsText, type SmsKind } from './sms/sms-text.ts';

/** What an SMS takes. `costMilli` null: its country has no price. */
export interface SmsSize {
  readonly segments: number;
  readonly costMilli: number | null;
}

/** Measures an SMS before it is written down. */
export type SmsMeasure = (message: {
  readonly kind: NoticeKind;
  readonly recipient: string;
  readonly language: Language;
}) => SmsSize;

/** A plan whose SMS have a price. Those that cannot be priced are not among the operations. */
export interface PricedPlan {
  readonly operations: readonly PricedOperation[];
  /** What is new less what is given back. */
  readonly costMilli: number;
  readonly smsCount: number;
  readonly unpriced: readonly string[];
}

/** As `NoticeOperation`, and inserts carry their cost; null: e-mail. */
export type PricedOperation =
  | {
      readonly operation: 'insert';
      readonly draft: NoticeDraft;
      readonly segments: number | null;
      readonly costMilli: number | null;
    }
  | Exclude<NoticeOperation, { readonly operation: 'insert' }>;

/** The text of an SMS of this kind. */
export function smsTextOf(
  message: { readonly kind: NoticeKind; readonly language: Language },
  facts: ReservationFacts,
  settings: Config['notices']['sms'],
): string {
  const { kind, language } = message;
  const { sender, letters } = settings;
  return smsText(facts, { kind: smsKindOf(kind), language, sender, letters });
}

/** Kinds that are no SMS count as an invitation: there is none of them. */
function smsKindOf(kind: NoticeKind): SmsKind {
  switch (kind) {
    case 'reminder':
    case 'starting':
    case 'update':
    case 'cancellation':
      return kind;
    default:
      return 'invitation';
  }
}

/** Measures the SMS of a reservation by the price list. */
export function createSmsMeasure(
  facts: ReservationFacts,
  settings: Config['notices']['sms'],
): SmsMeasure {
  return ({ kind, recipient, language }) => {
    const { segments } = segmentsOf(smsTextOf({ kind, language }, facts, settings));
    const priceMilli = priceMilliOf(recipient, settings.prices);
    return { segments, costMilli: priceMilli === null ? null : priceMilli * segments };
  };
}

/**
 * Prices a plan. An SMS that waits and would now take another number of segments is replaced, so that what was booked
 * is what will be sent.
 */
export function pricePlan(
  operations: readonly NoticeOperation[],
  present: readonly Notice[],
  measure: SmsMeasure,
): PricedPlan {
  const priced: PricedOperation[] = [];
  const unpriced = new Set<string>();
  let costMilli = 0;
  let smsCount = 0;

  function insert(draft: NoticeDraft): void {
    if (draft.channel === 'email') {
      priced.push({ operation: 'insert', draft, segments: null, costMilli: null });
      return;
    }
    smsCount += 1;
    const size = measure(draft);
    if (size.costMilli === null) {
      unpriced.add(draft.recipient);
      return;
    }
    costMilli += size.costMilli;
    priced.push({ operation: 'insert', draft, segments: size.segments, costMilli: size.costMilli });
  }

  for (const operation of [...operations, ...replacements(operations, present, measure)]) {
    if (operation.operation === 'insert') {
      insert(operation.draft);
      continue;
    }
    if (operation.operation === 'cancel') costMilli -= operation.notice.costMilli ?? 0;
    priced.push(operation);
  }
  return { operations: priced, costMilli, smsCount, unpriced: [...unpriced] };
}

/** Why a plan's SMS cannot be: none is offered, a country without a price, too little money. */
export function smsProblems(
  plan: PricedPlan,
  settings: Config['notices']['sms'],
  funds: Funds,
): readonly BookingProblem[] {
  if (plan.smsCount === 0) return [];
  if (settings.provider === 'none') return [{ code: 'sms-not-offered', field: 'sms', facts: {} }];
  const problems: BookingProblem[] = plan.unpriced.map((given) => ({
    code: 'no-price',
    field: 'phones',
    facts: { given, prefix: countryCode(given) },
  }));
  const { costMilli } = plan;
  const { availableMilli, currency } = funds;
  if (costMilli > 0 && costMilli > availableMilli) {
    const facts = { costMilli, availableMilli, currency };
    problems.push({ code: 'no-funds', field: 'phones', facts });
  }
  return problems;
}

function replacements(
  operations: readonly NoticeOperation[],
  present: readonly Notice[],
  measure: SmsMeasure,
): readonly NoticeOperation[] {
  const touched = new Map<string, NoticeOperation>();
  for (const operation of operations) {
    if (operation.operation !== 'insert') touched.set(operation.notice.noticeId, operation);
  }
  return present.flatMap((notice): readonly NoticeOperation[] => {
    const { kind } = notice;
    const operation = touched.get(notice.noticeId);
    if (notice.channel !== 'sms' || notice.state !== 'pending') return [];
    if (operation?.operation === 'cancel' || !isSmsKind(kind)) return [];
    const next = operation?.operation === 'revise' ? operation.notice : notice;
    const size = measure(next);
    if (size.costMilli === null || size.segments === notice.segments) return [];
    const { channel, recipient, language, dueAtMs, uselessAtMs } = next;
    const draft = { channel, kind, recipient, language, dueAtMs, uselessAtMs };
    return [
      { operation: 'cancel', notice: next, reason: 'replaced' },
      { operation: 'insert', draft },
    ];
  });
}

function isSmsKind(kind: NoticeKind): kind is SmsKind {
  return smsKindOf(kind) === kind;
}

/** The country code with `+`; the whole number where it tells none. */
function countryCode(phone: string): string {
  const code = parsePhoneNumberFromString(phone)?.countryCallingCode;
  return code === undefined ? phone : `+${code}`;
}
