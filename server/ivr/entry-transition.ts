import type { Timeout } from '../runtime/core.ts';
import type { AskingOutcome } from './asking.ts';
import { keyAtQuestion, questionHeard, questionTimeout } from './asking.ts';
import {
  announced,
  newNumberAnswered,
  newNumberChecked,
  newPinAnswered,
  roomMade,
  roomNotMade,
} from './create-dialogue.ts';
import { enter, notEntered, stopWaiting, wait } from './entry-door.ts';
import type { EntryInput } from './entry-message.ts';
import type { AskingState, Check, EntryContext, EntryState, EntryStep } from './entry-state.ts';
import {
  begin,
  checkPin,
  menuAnswered,
  numberAnswered,
  numberChecked,
  pinChecked,
  pinWrong,
} from './join-dialogue.ts';

/** The transition function of the entry dialogue. Input that a state does not expect changes nothing. */
export function transition(
  state: EntryState,
  input: EntryInput | Timeout,
  context: EntryContext,
): EntryStep {
  const due = input.type === 'timeout';
  switch (state.state) {
    case 'idle':
      return input.type === 'start' ? begin(input.entryPoint, context) : stay(state);
    case 'asking':
      return inQuestion(state, input, context);
    case 'checking':
      return inCheck(state, state.check, { input, context });
    case 'delaying':
      return due ? pinWrong(state.question, context) : stay(state);
    case 'announcing':
      return inAnnouncement(state, input);
    case 'waiting':
      return due ? stopWaiting(state.admission) : stay(state);
    case 'entering':
      if (input.type === 'entered') return { state: { state: 'ended' }, actions: [] };
      return input.type === 'not-entered' ? notEntered(state, input.why, context) : stay(state);
    case 'leaving':
      return due || input.type === 'said'
        ? { state: { state: 'ended' }, actions: [{ type: 'hang-up', why: state.why }] }
        : stay(state);
    case 'ended':
      return stay(state);
  }
}

function stay(state: EntryState): EntryStep {
  return { state, actions: [] };
}

function inQuestion(
  asking: AskingState,
  input: EntryInput | Timeout,
  context: EntryContext,
): EntryStep {
  switch (input.type) {
    case 'key':
      return afterQuestion(keyAtQuestion(asking, input.key, context), context);
    case 'said':
      return questionHeard(asking, context);
    case 'timeout':
      return afterQuestion(questionTimeout(asking, context), context);
    default:
      return stay(asking);
  }
}

function afterQuestion(outcome: AskingOutcome, context: EntryContext): EntryStep {
  if (outcome.outcome === 'step') return outcome.step;
  const step = answered(outcome.asking, outcome.answer, context);
  return { state: step.state, actions: [...outcome.actions, ...step.actions] };
}

function answered(asking: AskingState, answer: string, context: EntryContext): EntryStep {
  const { question } = asking;
  switch (question.ask) {
    case 'menu':
      return menuAnswered(asking, answer, context);
    case 'number':
      return numberAnswered(question, answer);
    case 'pin':
      return checkPin(question, answer);
    case 'new-number':
      return newNumberAnswered(question, answer, context);
    case 'new-pin':
      return newPinAnswered(question, answer, context);
    case 'wait':
      return wait(question, context);
    case 'removal':
      return enter(question.admission, 'remove-last');
  }
}

function inCheck(
  state: EntryState,
  check: Check,
  fed: { readonly input: EntryInput | Timeout; readonly context: EntryContext },
): EntryStep {
  const { input, context } = fed;
  if (check.check === 'number' && input.type === 'number-checked') {
    return numberChecked(check, input, context);
  }
  if (check.check === 'pin' && input.type === 'pin-checked') {
    return pinChecked(check.question, input.verdict, context);
  }
  if (check.check === 'new-number' && input.type === 'new-number-checked') {
    return newNumberChecked(check, input.outcome, context);
  }
  if (check.check === 'new-room' && input.type === 'room-made') {
    return roomMade(input.terms, context);
  }
  if (check.check === 'new-room' && input.type === 'room-not-made') {
    return roomNotMade(check.question, input.why, context);
  }
  return stay(state);
}

function inAnnouncement(
  state: Extract<EntryState, { readonly state: 'announcing' }>,
  input: EntryInput | Timeout,
): EntryStep {
  if (input.type === 'key') {
    const step = announced(state.admission);
    return { state: step.state, actions: [{ type: 'stop-saying' }, ...step.actions] };
  }
  return input.type === 'said' || input.type === 'timeout'
    ? announced(state.admission)
    : stay(state);
}
