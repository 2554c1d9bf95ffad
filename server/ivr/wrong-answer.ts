import type { Utterance } from '../prompt/utterance.ts';
import { ask } from './asking.ts';
import type { EntryContext, EntryStep, Question } from './entry-state.ts';
import { leave } from './leaving.ts';

/** Speaks the reason and asks again; after the last try, speaks it and says goodbye. `wrong` counts this answer too. */
export function wrongAnswer(
  question: Extract<Question, { readonly wrong: number }>,
  reason: Utterance,
  context: EntryContext,
): EntryStep {
  return question.wrong < context.options.tries
    ? ask(question, [reason], context)
    : leave('too-many-tries', [reason, { say: 'too-many-tries' }], context);
}
