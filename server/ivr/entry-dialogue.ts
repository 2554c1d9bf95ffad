import type { DtmfKey } from '../../mixer/protocol/dtmf.ts';
import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import { NEVER } from '../../mixer/protocol/units.ts';
import type { Core, Timeout } from '../runtime/core.ts';
import { ClosingHash } from './closing-hash.ts';
import { heardOnly } from './heard-only.ts';
import type { EntryAction, EntryEnd, EntryInput } from './entry-message.ts';
import type { EntryOptions } from './entry-options.ts';
import type { EntryState } from './entry-state.ts';
import { transition } from './entry-transition.ts';

/** Most keys that are kept for later steps: number, PIN and a few for the room. */
const MAX_TYPED_AHEAD = 48;

/** The entry dialogue of one call. */
export interface EntryDialogue extends Core<EntryInput, EntryAction> {
  /** Keys typed ahead that no step has used. After `entered` they are for the room menu, in this order. */
  readonly typedAhead: readonly DtmfKey[];
  /** Why the caller is being sent away, while the last words are spoken; else null. */
  readonly leavingFor: EntryEnd | null;
  /** Whether this key only ends the last entry, which was complete without it. To be asked of each key after `entered`. */
  closesEntry(key: DtmfKey, nowMs: MonotonicMs): boolean;
}

/**
 * The dialogue that leads a caller into a room: menu, number, PIN, or a room of their own.
 *
 * Keys count whenever they come: one that arrives while something is said cuts it short and answers it, one that
 * arrives while an answer is awaited is kept for the next step. Only last words cannot be cut short, and nothing is by
 * the `#` behind an entry that was complete without it.
 * What is said on entering belongs to the room, so that after `entered` this dialogue says and does nothing more.
 */
export function createEntryDialogue(options: EntryOptions): EntryDialogue {
  let state: EntryState = { state: 'idle' };
  let typedAhead: readonly DtmfKey[] = [];
  const closingHash = new ClosingHash();

  function take(input: EntryInput | Timeout, nowMs: MonotonicMs): readonly EntryAction[] {
    const step = transition(state, input, { options, nowMs });
    // An offer that costs somebody their place is not taken by a key that was meant for another step.
    if (step.state.state === 'asking' && step.state.question.ask === 'removal') typedAhead = [];
    const isEntry = state.state === 'asking' && step.state.state === 'checking';
    state = step.state;
    if (isEntry && !(input.type === 'key' && input.key === '#')) awaitHash(nowMs);
    // A key ends speech by `stop-saying` here too; the worker, which would not tell # from others, leaves it alone.
    return closingHash.isDue(nowMs) ? step.actions.map(uncut) : step.actions;
  }

  function awaitHash(nowMs: MonotonicMs): void {
    if (typedAhead[0] === '#') typedAhead = typedAhead.slice(1);
    else if (typedAhead.length === 0) closingHash.expect(nowMs + options.betweenKeysTimeoutMs);
  }

  return {
    handle(input, nowMs) {
      if (input.type === 'timeout' && nowMs < deadlineOf(state)) return [];
      if (input.type === 'key' && closingHash.takes(input.key, nowMs)) return [];
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
    get leavingFor() {
      return state.state === 'leaving' ? state.why : null;
    },
    closesEntry: (key, nowMs) => closingHash.takes(key, nowMs),
  };
}

function uncut(action: EntryAction): EntryAction {
  return action.type === 'say' ? { ...action, interruptible: 'not-by-key' } : action;
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
