import type { BookingProblem } from '../reservation/booking-problem.ts';
import { problemSentence } from '../reservation/problem-sentence.ts';
import type { Language } from '../reservation/reservation.ts';
import type { FieldProblem } from './api/problem-api.ts';
import { instantText } from './panel-services.ts';
import { ProblemError } from './problem-error.ts';

/** How problems are put into words: times in this zone. */
export interface BookingTongue {
  readonly zone: string;
  readonly language: Language;
}

/** Statuses of refusals that are about the whole reservation and not about its fields. */
const WHOLE: ReadonlyMap<string, number> = new Map([
  ['not-found', 404],
  ['version-differs', 412],
  ['already-over', 409],
]);

/**
 * A refusal of the domain as an answer. What concerns the whole reservation has a code and status of its own; all the
 * rest is `booking-refused`, 422, with every problem at its field.
 */
export function bookingRefusal(
  problems: readonly BookingProblem[],
  tongue: BookingTongue,
): ProblemError {
  const fieldProblems = bookingFieldProblems(problems, tongue);
  for (const { code } of problems) {
    const status = WHOLE.get(code);
    if (status !== undefined) return new ProblemError(code, status, { problems: fieldProblems });
  }
  return new ProblemError('booking-refused', 422, { problems: fieldProblems });
}

/** Problems of the domain as the REST interface writes them. Pointers are those of `POST /reservations`. */
export function bookingFieldProblems(
  problems: readonly BookingProblem[],
  tongue: BookingTongue,
): FieldProblem[] {
  return problems.map((problem) => ({
    code: problem.code,
    pointer: pointerOf(problem),
    facts: factsOf(problem.facts),
    detail: problemSentence(problem, tongue.zone, tongue.language),
  }));
}

/** Of a list's bad entry `/emails/2`; what belongs to no field points at the whole document (RFC 6901 §5). */
function pointerOf(problem: BookingProblem): string {
  const { field, facts } = problem;
  if (field === 'profile' || field === 'reservation' || field === 'number') return '';
  return 'index' in facts ? `/${field}/${facts.index}` : `/${field}`;
}

/** `earliestStartAtMs` becomes `earliestStartAt`, in UTC. */
function factsOf(facts: BookingProblem['facts']): FieldProblem['facts'] {
  const written: FieldProblem['facts'] = {};
  const entries: readonly [string, string | number][] = Object.entries(facts);
  for (const [name, value] of entries) {
    const isInstant = name.endsWith('AtMs') && typeof value === 'number';
    if (isInstant) written[name.slice(0, -2)] = instantText(value);
    else written[name] = typeof value === 'string' ? value.slice(0, 200) : value;
  }
  return written;
}
