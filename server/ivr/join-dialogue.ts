import { ask, slip } from './asking.ts';
import { askNewNumber } from './create-dialogue.ts';
import { approach } from './entry-door.ts';
import type { EntryInput, EntryPoint, PinVerdict } from './entry-message.ts';
import type {
  AskingState,
  EntryContext,
  EntryStep,
  NumberQuestion,
  PinQuestion,
} from './entry-state.ts';
import { leave } from './leaving.ts';
import { wrongAnswer } from './wrong-answer.ts';

type NumberChecked = Extract<EntryInput, { readonly type: 'number-checked' }>;

/** The call begins: the menu, or straight to a room. */
export function begin(entryPoint: EntryPoint, context: EntryContext): EntryStep {
  if (entryPoint.type === 'menu') {
    const { createByPhone } = entryPoint;
    return ask({ ask: 'menu', createByPhone }, [{ say: 'welcome' }], context);
  }
  const question = pinQuestion(entryPoint.number, context.options.pinLengths);
  return entryPoint.pin === 'asked'
    ? ask(question, [{ say: 'welcome' }], context)
    : checkPin({ ...question, lengths: [] }, '');
}

/** A key at the menu: **1** joins, **2** creates a room where that is allowed. */
export function menuAnswered(asking: AskingState, key: string, context: EntryContext): EntryStep {
  if (key === '1') return ask({ ask: 'number', wrong: 0 }, [], context);
  const { question } = asking;
  return question.ask === 'menu' && question.createByPhone === 'allowed'
    ? askNewNumber(context)
    : slip(asking, [{ say: 'create-not-allowed' }], context);
}

/** A conference number was keyed. */
export function numberAnswered(question: NumberQuestion, number: string): EntryStep {
  return {
    state: { state: 'checking', check: { check: 'number', question, number } },
    actions: [{ type: 'check-number', number }],
  };
}

/** Whether such a conference exists. A room without PINs is approached at once. */
export function numberChecked(
  asked: { readonly question: NumberQuestion; readonly number: string },
  checked: NumberChecked,
  context: EntryContext,
): EntryStep {
  const { question, number } = asked;
  if (checked.outcome === 'known') {
    const pin = pinQuestion(number, checked.pinLengths ?? context.options.pinLengths);
    return pin.lengths.length === 0 ? checkPin(pin, '') : ask(pin, [], context);
  }
  const wrong = question.wrong + 1;
  return wrongAnswer({ ...question, wrong }, { say: 'number-unknown' }, context);
}

/** A PIN was keyed, or none is asked. */
export function checkPin(question: PinQuestion, pin: string): EntryStep {
  return {
    state: { state: 'checking', check: { check: 'pin', question } },
    actions: [{ type: 'check-pin', number: question.number, pin }],
  };
}

/** What came of a PIN. */
export function pinChecked(
  question: PinQuestion,
  verdict: PinVerdict,
  context: EntryContext,
): EntryStep {
  switch (verdict.verdict) {
    case 'right': {
      const { terms, role, time } = verdict;
      return approach({ terms, role, tie: 'guest' }, time, context);
    }
    case 'refused-for-a-while':
      return leave('refused-for-a-while', [{ say: 'refused-for-a-while' }], context);
    case 'wrong': {
      // Nobody was asked for a PIN, and the room has one: the caller gets to key it after all.
      if (question.lengths.length === 0) {
        return ask(pinQuestion(question.number, context.options.pinLengths), [], context);
      }
      const wrong: PinQuestion = { ...question, wrong: question.wrong + 1 };
      if (verdict.delayMs <= 0) return pinWrong(wrong, context);
      const untilMs = context.nowMs + verdict.delayMs;
      return { state: { state: 'delaying', question: wrong, untilMs }, actions: [] };
    }
  }
}

/** Tells of a wrong PIN, once its delay is over. */
export function pinWrong(question: PinQuestion, context: EntryContext): EntryStep {
  return wrongAnswer(question, { say: 'pin-wrong' }, context);
}

function pinQuestion(number: string, lengths: readonly number[]): PinQuestion {
  return { ask: 'pin', number, lengths, wrong: 0 };
}
