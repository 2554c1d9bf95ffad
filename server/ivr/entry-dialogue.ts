import type { DtmfKey } from '../../mixer/protocol/dtmf.ts';
import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import { NEVER } from '../../mixer/protocol/units.ts';
import type { Core, Timeout } from '../runtime/core.ts';
import { heardOnly } from './heard-only.ts';
import type { EntryAction, EntryInput } from './entry-message.ts';
import type { EntryOptions } from './entry-options.ts';
import type { EntryState } from './entry-state.ts';
import { transition } from './entry-transition.ts';

/** Most keys that are kept for later steps: number, PIN and a few for the room. */
const MAX_TYPED_AHEAD = 48;

/** The entry dialogue of one call. */
export interface EntryDialogue extends Core<EntryInput, EntryAction> {
  /** Keys typed ahead that no step has used. After `entered` they are for the room menu, in this order. */
  readonly typedAhead: readonly DtmfKey[];
}

/**
 * The dialogue that leads a caller into a room: menu, number, PIN, or a room of their own.
 *
 * Keys count whenever they come: one that arrives while something is said cuts it short and answers it, one that
 * arrives while an answer is awaited is kept for the next step. Only last words cannot be cut short.
 * What is said on entering belongs to the room, so that after `entered` this dialogue says and does nothing more.
 */
export function createEntryDialogue(options: EntryOptions): EntryDialogue {
  let state: EntryState = { state: 'idle' };
  let typedAhead: readonly DtmfKey[] = [];

  function take(input: EntryInput | Timeout, nowMs: MonotonicMs): readonly EntryAction[] {
    const step = transition(state, input, { options, nowMs });
    // An offer that costs somebody their place is not taken by a key that was meant for another step.
    if (step.state.state === 'asking' && step.state.question.ask === 'removal') typedAhead = [];
    state = step.state;
    return step.actions;
  }

  return {
    handle(input, nowMs) {
      if (input.type === 'timeout' && nowMs < deadlineOf(state)) return [];
      if (input.type === 'key' && keptForLater(state)) {
        typedAhead = [...typedAhead, input.key].slice(0, MAX_TYPED_AHEAD);
        if (state.state !== 'announcing') return [];
      }
      const actions = [...take(input, nowMs)];
      while (state.state === 'asking') {
        const [key, ...later] = typedAhead;
        if (key === undefined) break;
        typedAhead = later;
        actions.push(...take({ type: 'key', key }, nowMs));
      }
      return heardOnly(actions);
    },
    get deadlineMs() {
      return deadlineOf(state);
    },
    get typedAhead() {
      return typedAhead;
    },
  };
}

/**
 * Whether a key that arrives in a state is kept for a later one. Those that cut an announcement short are for the room.
 * Those pressed out of boredom during the music are not: they must do nothing once inside.
 */
function keptForLater(state: EntryState): boolean {
  switch (state.state) {
    case 'idle':
    case 'checking':
    case 'delaying':
    case 'announcing':
    case 'entering':
      return true;
    case 'asking':
    case 'waiting':
    case 'leaving':
    case 'ended':
      return false;
  }
}

function deadlineOf(state: EntryState): MonotonicMs {
  switch (state.state) {
    case 'asking':
      return state.entry.deadlineMs;
    case 'delaying':
    case 'announcing':
    case 'waiting':
    case 'leaving':
      return state.untilMs;
    case 'idle':
    case 'checking':
    case 'entering':
    case 'ended':
      return NEVER;
  }
}
