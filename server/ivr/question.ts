import type { DtmfKey } from '../../mixer/protocol/dtmf.ts';
import type { Utterance } from '../prompt/utterance.ts';
import type { EntryOptions } from './entry-options.ts';
import type { Question } from './entry-state.ts';

/** Keys that answer a question: one key out of a few, or an entry of digits. */
export type AnswerKeys =
  | { readonly keys: 'one'; readonly accepted: readonly DtmfKey[] }
  | { readonly keys: 'digits'; readonly lengths: readonly number[] };

/** How a question is put. */
export function questionUtterance(question: Question, options: EntryOptions): Utterance {
  switch (question.ask) {
    case 'menu':
      return question.createByPhone === 'allowed'
        ? { say: 'menu-join-or-create' }
        : { say: 'menu-join' };
    case 'number':
      return { say: 'ask-number' };
    case 'pin':
      return { say: 'ask-pin' };
    case 'new-number':
      return { say: 'ask-new-number', digits: options.newNumberDigits };
    case 'new-pin':
      return { say: 'ask-new-pin', digits: options.newPinDigits };
    case 'wait': {
      const { startAtMs, zone } = question.time;
      return { say: 'too-early-may-wait', startAtMs, zone };
    }
    case 'removal':
      return { say: 'room-full-moderator' };
  }
}

/** What answers a question. */
export function answerKeys(question: Question, options: EntryOptions): AnswerKeys {
  switch (question.ask) {
    case 'menu':
      return { keys: 'one', accepted: ['1', '2'] };
    case 'number':
      return { keys: 'digits', lengths: options.numberLengths };
    case 'pin':
      return { keys: 'digits', lengths: question.lengths };
    case 'new-number':
      return { keys: 'digits', lengths: [options.newNumberDigits] };
    case 'new-pin':
      return { keys: 'digits', lengths: [options.newPinDigits] };
    case 'wait':
    case 'removal':
      return { keys: 'one', accepted: ['1'] };
  }
}
