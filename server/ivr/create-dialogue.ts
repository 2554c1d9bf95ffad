import type { RoomTerms } from '../reservation/reservation.ts';
import { ask } from './asking.ts';
import { enter } from './entry-door.ts';
import type { EntryInput } from './entry-message.ts';
import type { Admission, EntryContext, EntryStep, Question } from './entry-state.ts';
import { leave } from './leaving.ts';
import { wrongAnswer } from './wrong-answer.ts';

type NewNumberQuestion = Extract<Question, { readonly ask: 'new-number' }>;
type NewPinQuestion = Extract<Question, { readonly ask: 'new-pin' }>;
type NewNumberChecked = Extract<EntryInput, { readonly type: 'new-number-checked' }>;
type RoomNotMade = Extract<EntryInput, { readonly type: 'room-not-made' }>;

/** The caller wants a room of their own: which number? */
export function askNewNumber(context: EntryContext): EntryStep {
  return ask({ ask: 'new-number', wrong: 0 }, [], context);
}

/** A number was picked. Too short a one is refused without asking further. */
export function newNumberAnswered(
  question: NewNumberQuestion,
  number: string,
  context: EntryContext,
): EntryStep {
  const digits = context.options.newNumberDigits;
  if (number.length < digits) {
    return wrongAnswer(again(question), { say: 'new-number-too-short', digits }, context);
  }
  return {
    state: { state: 'checking', check: { check: 'new-number', question, number } },
    actions: [{ type: 'check-new-number', number }],
  };
}

/** Whether the picked number can be had. */
export function newNumberChecked(
  checked: { readonly question: NewNumberQuestion; readonly number: string },
  outcome: NewNumberChecked['outcome'],
  context: EntryContext,
): EntryStep {
  const { question, number } = checked;
  switch (outcome) {
    case 'free':
      return ask({ ask: 'new-pin', number, numberWrong: question.wrong, wrong: 0 }, [], context);
    case 'taken':
      return wrongAnswer(again(question), { say: 'new-number-taken' }, context);
    case 'too-simple':
      return wrongAnswer(again(question), { say: 'new-number-too-simple' }, context);
  }
}

/** A PIN was picked for the new room. */
export function newPinAnswered(
  question: NewPinQuestion,
  pin: string,
  context: EntryContext,
): EntryStep {
  const digits = context.options.newPinDigits;
  if (pin.length < digits) {
    return wrongAnswer(again(question), { say: 'new-pin-too-short', digits }, context);
  }
  return {
    state: { state: 'checking', check: { check: 'new-room', question } },
    actions: [{ type: 'make-room', number: question.number, pin }],
  };
}

/** The room stands: its maker hears the number again and enters as its moderator and host. */
export function roomMade(terms: RoomTerms, context: EntryContext): EntryStep {
  const admission: Admission = { terms, role: 'moderator', tie: 'host' };
  return {
    state: {
      state: 'announcing',
      admission,
      untilMs: context.nowMs + context.options.speechTimeoutMs,
    },
    actions: [
      {
        type: 'say',
        utterances: [{ say: 'room-created', number: terms.number }],
        interruptible: 'by-key',
      },
    ],
  };
}

/** The announcement was heard or cut short. */
export function announced(admission: Admission): EntryStep {
  return enter(admission, 'refuse');
}

/** The room could not be made. A number that somebody else took meanwhile is asked for again. */
export function roomNotMade(
  question: NewPinQuestion,
  why: RoomNotMade['why'],
  context: EntryContext,
): EntryStep {
  switch (why) {
    case 'taken': {
      const wrong = question.numberWrong + 1;
      return wrongAnswer({ ask: 'new-number', wrong }, { say: 'new-number-taken' }, context);
    }
    case 'pin-too-simple':
      return wrongAnswer(again(question), { say: 'new-pin-too-simple' }, context);
    case 'fault':
      return leave('fault', [{ say: 'room-fault' }], context);
  }
}

function again<Asked extends { readonly wrong: number }>(question: Asked): Asked {
  return { ...question, wrong: question.wrong + 1 };
}
