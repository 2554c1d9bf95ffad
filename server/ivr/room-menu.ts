import type { DtmfKey } from '../../mixer/protocol/dtmf.ts';
import type { DurationMs, MonotonicMs } from '../../mixer/protocol/units.ts';
import { NEVER } from '../../mixer/protocol/units.ts';
import type { Role } from '../reservation/reservation.ts';
import type { Core, Timeout } from '../runtime/core.ts';
import type { KeyMap } from './key-map.ts';
import type { RoomMenuInput, RoomMenuOutput } from './room-menu-message.ts';

/** What a room menu starts with. */
export interface RoomMenuOptions {
  readonly role: Role;
  readonly keyMap: KeyMap;
  /** From the last key, or the end of what was said after it, until the menu closes by itself. */
  readonly timeoutMs: DurationMs;
  /** What is said and not reported as heard by then counts as heard. */
  readonly speechTimeoutMs: DurationMs;
}

/**
 * States of a participant's room menu. `keyed` is what has come since `*` and may still become a line of the map.
 *
 *   ┌────────┐  *                     ┌──────┐ ──┐ a key that goes on, one that means nothing,
 *   │ closed │ ─────────────────────▶ │ open │   │ or a line after which the menu stays open
 *   └────────┘ ◀───────────────────── └──────┘ ◀─┘
 *     ▲     ▲   a line that closes it,   │
 *     │     │   silence                  │ the middle of a line that is for another role
 *     │     │                            ▼
 *     │     └──────────────────────── ┌─────────┐ ──┐
 *     │   its last key, a wrong one,  │ refused │   │ a key that goes on
 *     │   a short silence             └─────────┘ ◀─┘
 *     └ `*` in `refused` acts as in `closed`
 */
type MenuState = { readonly state: 'closed' } | OpenMenu | RefusedLine;

interface OpenMenu {
  readonly state: 'open';
  readonly keyed: readonly DtmfKey[];
  readonly deadlineMs: MonotonicMs;
}

/** The refusal is being said while the rest of the line may still be on its way. */
interface RefusedLine {
  readonly state: 'refused';
  readonly keyed: readonly DtmfKey[];
  readonly deadlineMs: MonotonicMs;
}

/** Keys that come in one go follow each other sooner than this. */
const NEXT_KEY_MS: DurationMs = 2000;

interface MenuStep {
  readonly state: MenuState;
  readonly outputs: readonly RoomMenuOutput[];
}

interface MenuContext {
  readonly options: RoomMenuOptions;
  readonly role: Role;
  readonly nowMs: MonotonicMs;
}

/**
 * The keys of one participant in a room: `*`, then one line of the key map. Keys outside the menu do nothing but end
 * what is being said. A key never waits for the menu to be read out, so that `*1` can be keyed in one go.
 */
export function createRoomMenu(options: RoomMenuOptions): Core<RoomMenuInput, RoomMenuOutput> {
  let state: MenuState = { state: 'closed' };
  let role = options.role;
  return {
    handle(input, nowMs) {
      if (input.type === 'role') {
        role = input.role;
        return [];
      }
      const step = transition(state, input, { options, role, nowMs });
      state = step.state;
      return step.outputs;
    },
    get deadlineMs() {
      return state.state === 'closed' ? NEVER : state.deadlineMs;
    },
  };
}

function transition(
  state: MenuState,
  input: Exclude<RoomMenuInput, { readonly type: 'role' }> | Timeout,
  context: MenuContext,
): MenuStep {
  if (input.type === 'key') {
    if (state.state === 'refused' && input.key !== '*') return swallowed(state, input.key, context);
    const step = keyed(state, input.key, context);
    return { state: step.state, outputs: [{ type: 'stop-saying' }, ...step.outputs] };
  }
  if (state.state === 'closed') return { state, outputs: [] };
  if (input.type === 'said') {
    if (state.state === 'refused') return { state, outputs: [] };
    const deadlineMs = context.nowMs + context.options.timeoutMs;
    return { state: { ...state, deadlineMs }, outputs: [] };
  }
  // It closes without a word: whoever stopped pressing keys is talking.
  return context.nowMs >= state.deadlineMs
    ? { state: { state: 'closed' }, outputs: [] }
    : { state, outputs: [] };
}

function keyed(state: MenuState, key: DtmfKey, context: MenuContext): MenuStep {
  if (state.state !== 'open') {
    return key === '*'
      ? { state: openFor([], 'speaking', context), outputs: [say('room-menu')] }
      : { state, outputs: [] };
  }
  const keys = [...state.keyed, key];
  const { bindings, prompts } = context.options.keyMap;
  const binding = bindings.find((line) => sameKeys(line.keys, keys));
  if (binding !== undefined) {
    if (!mayDo(context.role, binding.role)) return refused(keys, context);
    const next: MenuState =
      binding.menu === 'closes' ? { state: 'closed' } : openFor([], 'speaking', context);
    return { state: next, outputs: [{ type: 'act', action: binding.action }] };
  }
  const prompt = prompts.find((line) => sameKeys(line.keys, keys));
  if (prompt !== undefined) {
    if (!mayDo(context.role, prompt.role)) return refused(keys, context);
    return { state: openFor(keys, 'speaking', context), outputs: [say(prompt.say)] };
  }
  return goesOn(keys, context)
    ? { state: openFor(keys, 'silent', context), outputs: [] }
    : { state: openFor([], 'speaking', context), outputs: [say('key-unknown')] };
}

function refused(keys: readonly DtmfKey[], context: MenuContext): MenuStep {
  return { state: afterRefusal(keys, context), outputs: [say('moderator-only')] };
}

/** The rest of a refused line is no answer to the refusal: it must not cut it short. */
function swallowed(state: RefusedLine, key: DtmfKey, context: MenuContext): MenuStep {
  return { state: afterRefusal([...state.keyed, key], context), outputs: [] };
}

function afterRefusal(keys: readonly DtmfKey[], context: MenuContext): MenuState {
  return goesOn(keys, context)
    ? { state: 'refused', keyed: keys, deadlineMs: context.nowMs + NEXT_KEY_MS }
    : { state: 'closed' };
}

/** Whether a line of the map is longer than these keys and begins with them. */
function goesOn(keys: readonly DtmfKey[], context: MenuContext): boolean {
  return context.options.keyMap.bindings.some(
    (line) => line.keys.length > keys.length && beginsWith(line.keys, keys),
  );
}

function openFor(
  keys: readonly DtmfKey[],
  speech: 'speaking' | 'silent',
  context: MenuContext,
): MenuState {
  const { timeoutMs, speechTimeoutMs } = context.options;
  const deadlineMs = context.nowMs + (speech === 'speaking' ? speechTimeoutMs : timeoutMs);
  return { state: 'open', keyed: keys, deadlineMs };
}

function say(
  name: 'room-menu' | 'key-unknown' | 'moderator-only' | 'ask-extension',
): RoomMenuOutput {
  return { type: 'say', utterance: { say: name } };
}

function mayDo(role: Role, least: Role): boolean {
  return least === 'participant' || role === 'moderator';
}

function sameKeys(left: readonly DtmfKey[], right: readonly DtmfKey[]): boolean {
  return left.length === right.length && beginsWith(left, right);
}

function beginsWith(keys: readonly DtmfKey[], start: readonly DtmfKey[]): boolean {
  return start.every((key, index) => keys[index] === key);
}
