import type { LivePerson } from '../../server/panel/api/live-api.ts';

/** Whether a microphone sends. */
export type MicrophoneMode = 'live' | 'muted';

/**
 * The own microphone between the click, which takes effect here at once, and the server, which tells the others and
 * whose word stands.
 */
export interface MicrophoneState {
  /** What the track does. */
  readonly mode: MicrophoneMode;
  /** `unsent`: the server has to be told yet. A number: the request that tells it. */
  readonly told: 'yes' | 'unsent' | number;
}

/** As one enters. */
export const MICROPHONE_AT_ENTRY: MicrophoneState = { mode: 'live', told: 'yes' };

/** After a click or key. */
export function toggled(state: MicrophoneState): MicrophoneState {
  return { mode: state.mode === 'live' ? 'muted' : 'live', told: 'unsent' };
}

/** The server is being told by request `requestId`. */
export function telling(state: MicrophoneState, requestId: number): MicrophoneState {
  return { mode: state.mode, told: requestId };
}

/** The way to the server is lost: what was under way is said again later. */
export function feedLost(state: MicrophoneState): MicrophoneState {
  return typeof state.told === 'number' ? { mode: state.mode, told: 'unsent' } : state;
}

/** The seat is a new one: the server knows nothing of a microphone that was muted before. */
export function newSeat(state: MicrophoneState): MicrophoneState {
  return state.mode === 'muted' ? { mode: 'muted', told: 'unsent' } : MICROPHONE_AT_ENTRY;
}

/** The server's answer to a request. Whoever wants to be muted stays so, whatever the server says, and it is told again. */
export function answered(
  state: MicrophoneState,
  requestId: number,
  outcome: 'done' | 'refused',
): MicrophoneState {
  if (state.told !== requestId) return state;
  if (outcome === 'done') return { mode: state.mode, told: 'yes' };
  return state.mode === 'muted'
    ? { mode: 'muted', told: 'unsent' }
    : { mode: 'muted', told: 'yes' };
}

/**
 * What the server tells about us. While a click of ours is under way older news are passed over, but a moderator who
 * mutes always wins: nobody is heard against their word. `before`: what it told last.
 */
export function heardOfSelf(
  state: MicrophoneState,
  now: Pick<LivePerson, 'microphone' | 'mutedBy'>,
  before: Pick<LivePerson, 'microphone' | 'mutedBy'> | null,
): MicrophoneState {
  const isNewMute =
    now.microphone === 'muted' &&
    now.mutedBy === 'moderator' &&
    !(before?.microphone === 'muted' && before.mutedBy === 'moderator');
  if (isNewMute) return { mode: 'muted', told: 'yes' };
  if (state.told !== 'yes') return state;
  return state.mode === now.microphone ? state : { mode: now.microphone, told: 'yes' };
}
