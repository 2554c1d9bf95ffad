import type { Utterance } from '../prompt/utterance.ts';
import type { EntryEnd } from './entry-message.ts';
import type { EntryContext, EntryStep } from './entry-state.ts';

/** Says why, then goodbye. No key cuts the last words short: a caller who keys on must still learn the reason. */
export function leave(
  why: EntryEnd,
  reasons: readonly Utterance[],
  context: EntryContext,
): EntryStep {
  return {
    state: { state: 'leaving', why, untilMs: context.nowMs + context.options.lastWordsTimeoutMs },
    actions: [
      {
        type: 'say',
        utterances: [...reasons, { say: 'goodbye' }],
        interruptible: 'not-by-key',
      },
    ],
  };
}
