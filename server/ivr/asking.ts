import type { DtmfKey } from '../../mixer/protocol/dtmf.ts';
import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Utterance } from '../prompt/utterance.ts';
import type { DigitRules } from './digit-collector.ts';
import { emptyEntry, keyDigit } from './digit-collector.ts';
import type { EntryAction, EntryEnd } from './entry-message.ts';
import type { AskingState, EntryContext, EntryStep, Question } from './entry-state.ts';
import { leave } from './leaving.ts';
import { answerKeys, questionUtterance } from './question.ts';

/** What an input did to a question. */
export type AskingOutcome =
  | { readonly outcome: 'step'; readonly step: EntryStep }
  /** `actions` come before those that follow from the answer. */
  | {
      readonly outcome: 'answered';
      readonly asking: AskingState;
      readonly answer: string;
      readonly actions: readonly EntryAction[];
    };

/** Asks a question for the first time, or after a wrong answer, `reasons` spoken before it. */
export function ask(
  question: Question,
  reasons: readonly Utterance[],
  context: EntryContext,
): EntryStep {
  return speak({ question, repeats: 0, slips: 0 }, reasons, context);
}

/** A key at a question: cuts it short, and answers it or makes it be asked again. */
export function keyAtQuestion(
  asking: AskingState,
  key: DtmfKey,
  context: EntryContext,
): AskingOutcome {
  const actions: readonly EntryAction[] =
    asking.speech === 'speaking' ? [{ type: 'stop-saying' }] : [];
  const keys = answerKeys(asking.question, context.options);
  if (keys.keys === 'one') {
    return keys.accepted.includes(key)
      ? { outcome: 'answered', asking, answer: key, actions }
      : before(actions, slip(asking, [{ say: 'key-unknown' }], context));
  }
  const rules = digitRules(keys.lengths, context);
  const entry = asking.speech === 'heard' ? asking.entry : emptyEntry(rules, context.nowMs);
  const result = keyDigit(entry, key, { rules, nowMs: context.nowMs });
  switch (result.result) {
    case 'complete':
      return { outcome: 'answered', asking, answer: result.digits, actions };
    case 'ask-again':
      return before(actions, slip(asking, [], context));
    case 'more':
      return before(actions, {
        state: { ...asking, speech: 'heard', entry: result.entry },
        actions: [],
      });
  }
}

/** Asks again after a key that means nothing here; after too many of them, says goodbye. */
export function slip(
  asking: AskingState,
  reasons: readonly Utterance[],
  context: EntryContext,
): EntryStep {
  const slips = asking.slips + 1;
  if (slips >= context.options.slips) {
    return leave('too-many-tries', [...reasons, { say: 'too-many-tries' }], context);
  }
  return speak({ ...asking, slips }, reasons, context);
}

/** The question has been heard: from now on silence counts. */
export function questionHeard(asking: AskingState, context: EntryContext): EntryStep {
  if (asking.speech === 'heard') return { state: asking, actions: [] };
  const deadlineMs = context.nowMs + context.options.firstKeyTimeoutMs;
  return {
    state: { ...asking, speech: 'heard', entry: { digits: '', deadlineMs } },
    actions: [],
  };
}

/** Nothing came: the entry is complete as it is, or the question is repeated, or the caller is given up. */
export function questionTimeout(asking: AskingState, context: EntryContext): AskingOutcome {
  if (asking.speech === 'speaking') {
    return { outcome: 'step', step: questionHeard(asking, context) };
  }
  if (asking.entry.digits !== '') {
    return { outcome: 'answered', asking, answer: asking.entry.digits, actions: [] };
  }
  const reasons: readonly Utterance[] = [{ say: 'nothing-keyed' }];
  return {
    outcome: 'step',
    step:
      asking.repeats < context.options.repeats
        ? speak({ ...asking, repeats: asking.repeats + 1 }, reasons, context)
        : leave(endOfSilence(asking.question), reasons, context),
  };
}

function speak(
  asked: Pick<AskingState, 'question' | 'repeats' | 'slips'>,
  reasons: readonly Utterance[],
  context: EntryContext,
): EntryStep {
  const { question, repeats, slips } = asked;
  const deadlineMs: MonotonicMs = context.nowMs + context.options.speechTimeoutMs;
  return {
    state: {
      state: 'asking',
      question,
      repeats,
      slips,
      speech: 'speaking',
      entry: { digits: '', deadlineMs },
    },
    actions: [
      {
        type: 'say',
        utterances: [...reasons, questionUtterance(question, context.options)],
        interruptible: 'by-key',
      },
    ],
  };
}

function before(actions: readonly EntryAction[], step: EntryStep): AskingOutcome {
  return { outcome: 'step', step: { ...step, actions: [...actions, ...step.actions] } };
}

function digitRules(lengths: readonly number[], context: EntryContext): DigitRules {
  const { firstKeyTimeoutMs, betweenKeysTimeoutMs, knownLengthTimeoutMs } = context.options;
  return { lengths, firstKeyTimeoutMs, betweenKeysTimeoutMs, knownLengthTimeoutMs };
}

/** A caller who does not take an offer is sent away for the reason of the offer. */
function endOfSilence(question: Question): EntryEnd {
  if (question.ask === 'wait') return 'too-early';
  return question.ask === 'removal' ? 'full' : 'no-input';
}
