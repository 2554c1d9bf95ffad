import { useCallback, useMemo, useState } from 'preact/hooks';

import type { FieldProblem } from '../../server/panel/api/problem-api.ts';
import type {
  CheckAnswer,
  CheckRequest,
  ReservationView,
} from '../../server/panel/api/reservation-api.ts';
import { ApiProblem, useNow } from '../api-client.ts';
import { useSession } from '../session.tsx';
import { bookingBody, changeBody, momentOf, type Draft } from './draft.ts';
import { earliestStartMs } from './draft-times.ts';
import { FORM_FIELDS, problemsByField, type FormField } from './problem-fields.ts';
import { useLiveCheck } from './use-live-check.ts';
import type { KeptDraftState } from './use-kept-draft.ts';

/** Whether an SMS tells of this change too. */
export type SmsAgain = 'send' | 'none';

/** Everything that the parts of the form work with. */
export interface BookingForm {
  readonly draft: Draft;
  readonly change: (change: (draft: Draft) => Draft) => void;
  /** The reservation that is edited, as it was read; null for a new one. */
  readonly before: ReservationView | null;
  readonly smsAgain: SmsAgain;
  readonly setSmsAgain: (smsAgain: SmsAgain) => void;
  /** What the server last said to the draft; null before its first answer. */
  readonly answer: CheckAnswer | null;
  readonly nowMs: number;
  readonly earliestStartAtMs: number;
  readonly latestStartAtMs: number;
  /** Whether the start is the untouched one of a reservation that has begun. */
  readonly startHasPassed: boolean;
  /** Whether saving ends the conference. */
  readonly endsNow: boolean;
  /** Whether the times are others than before. */
  readonly timesChanged: boolean;
  /** A field was left: from now on its problems are shown. */
  readonly leave: (field: FormField) => void;
  /** Submitting was tried: all problems are shown. */
  readonly refuse: (error: unknown) => void;
  /** Problems of a field that may be shown now. */
  readonly problems: (field: FormField) => readonly FieldProblem[];
}

/** State of the form of a new reservation, or of one that is edited. */
export function useBookingForm(kept: KeptDraftState, before: ReservationView | null): BookingForm {
  const { draft } = kept;
  const [smsAgain, setSmsAgain] = useState<SmsAgain>('none');
  const check = useLiveCheck(requestOf(draft, before, smsAgain));
  const shown = useShownProblems(check, kept.origin);
  const rules = useRuleTimes(draft, before);
  return {
    draft,
    change: kept.change,
    before,
    smsAgain,
    setSmsAgain,
    answer: check,
    ...rules,
    ...shown,
  };
}

/** What is sent to be checked. */
export function requestOf(
  draft: Draft,
  before: ReservationView | null,
  smsAgain: SmsAgain,
): CheckRequest {
  if (before === null) return { draft: bookingBody(draft) };
  const change = changeBody(draft, before);
  return {
    reservationId: before.reservationId,
    draft: smsAgain === 'send' ? { ...change, smsAgain: true } : change,
  };
}

function useRuleTimes(draft: Draft, before: ReservationView | null) {
  const { settings } = useSession();
  const nowMs = useNow(5000);
  const startAtMs = momentOf(draft, 'start');
  const endAtMs = momentOf(draft, 'end');
  const startUntouched = before !== null && startAtMs === Date.parse(before.startAt);
  const endUntouched = before !== null && endAtMs === Date.parse(before.endAt);
  return {
    nowMs,
    earliestStartAtMs: earliestStartMs(nowMs, settings.rules.earliestStartMinutes),
    latestStartAtMs: nowMs + settings.rules.latestStartDays * 86_400_000,
    startHasPassed: startUntouched && startAtMs <= nowMs,
    endsNow: before !== null && !endUntouched && endAtMs !== null && endAtMs <= nowMs,
    timesChanged: before !== null && !(startUntouched && endUntouched),
  };
}

/** Which problems may be shown: those of fields that were left, and all once submitting was tried. */
function useShownProblems(answer: CheckAnswer | null, origin: KeptDraftState['origin']) {
  // What comes back after a while may have become wrong meanwhile, so it is shown at once.
  const [left, setLeft] = useState<ReadonlySet<FormField>>(
    () => new Set(origin === 'restored' ? FORM_FIELDS : ['form', 'emails', 'phones']),
  );
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [tried, setTried] = useState<'tried' | 'not-tried'>('not-tried');
  // What submitting was refused for stands until the next check of the draft is answered.
  const source = useMemo(
    () => (refusal?.answer === answer ? unitedProblems(refusal, answer) : (answer?.problems ?? [])),
    [refusal, answer],
  );
  const byField = useMemo(() => problemsByField(source), [source]);
  const leave = useCallback((field: FormField) => {
    setLeft((before) => (before.has(field) ? before : new Set([...before, field])));
  }, []);
  const refuse = useCallback(
    (error: unknown) => {
      setTried('tried');
      setRefusal(error instanceof ApiProblem ? { problems: error.problems, answer } : null);
    },
    [answer],
  );
  const problems = (field: FormField): readonly FieldProblem[] =>
    tried === 'tried' || left.has(field) ? (byField.get(field) ?? []) : [];
  return { leave, refuse, problems };
}

/** What submitting was refused for, and the latest answer to a check at that time. */
interface Refusal {
  readonly problems: readonly FieldProblem[];
  readonly answer: CheckAnswer | null;
}

/** A refusal stops at the first that refuses; the check knows the rest. */
function unitedProblems(refusal: Refusal, answer: CheckAnswer | null): readonly FieldProblem[] {
  const known = new Set(refusal.problems.map(({ code, pointer }) => `${code} ${pointer}`));
  const more = (answer?.problems ?? []).filter(
    ({ code, pointer }) => !known.has(`${code} ${pointer}`),
  );
  return [...refusal.problems, ...more];
}
