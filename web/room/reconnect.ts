import type { LiveEnd } from '../../server/panel/api/live-api.ts';

/*
 *             start            connected
 *   idle ───────────▶ calling ─────────▶ up ──── ice disconnected ───▶ shaky
 *                      ▲   │             ▲ │                             │ 2 s, or network changed
 *        retry is due  │   │ failed      │ │ socket closed, call ended    ▼
 *                      │   ▼             │ │                          restarting
 *                     waiting ◀──────────┼─┴──────────────────────────┘  │
 *                      │                 └──────── connected ────────────┘
 *                      │ refused: the seat is asked for again, once
 *                      ▼
 *                   renewing ──▶ calling, or over
 *
 *   over: left, ended by the server, refused, or no way found within the time the seat is kept.
 */

/** What went wrong last, for the words when nothing helps. */
export type Fault = 'socket' | 'media' | 'call';

/** Why the page is no longer in the room. */
export type RoomEnd =
  | { readonly by: 'server'; readonly why: LiveEnd }
  /** Code of a problem of the REST interface, such as `seat-full`. */
  | { readonly by: 'refusal'; readonly code: string; readonly retryAfterSeconds: number | null }
  | { readonly by: 'network'; readonly fault: Fault; readonly everUp: 'yes' | 'no' };

/** Where the way to the room stands. Instants are of one steady clock, in ms. */
export type ReconnectState =
  | { readonly state: 'idle' }
  | (Trying & { readonly state: 'calling'; readonly giveUpAtMs: number })
  | (Trying & { readonly state: 'waiting'; readonly retryAtMs: number })
  | (Trying & { readonly state: 'renewing' })
  | { readonly state: 'up' }
  | { readonly state: 'shaky'; readonly sinceMs: number }
  | { readonly state: 'restarting'; readonly sinceMs: number; readonly giveUpAtMs: number }
  | { readonly state: 'over'; readonly end: RoomEnd };

interface Trying {
  /** Since when nothing is heard. */
  readonly sinceMs: number;
  /** Tries so far, for the back-off. */
  readonly tries: number;
  readonly fault: Fault;
  readonly everUp: 'yes' | 'no';
  /** Whether the seat was asked for again since the last time all was well. */
  readonly renewal: 'unused' | 'used';
}

/** What the machine is told. */
export type ReconnectInput =
  | { readonly type: 'start' }
  /** `status` of the SIP answer; null when there was none. */
  | { readonly type: 'call-failed'; readonly status: number | null; readonly fault: Fault }
  | { readonly type: 'call-ended' }
  | { readonly type: 'socket-closed' }
  /** The way of the audio: ICE and DTLS together. */
  | { readonly type: 'media'; readonly media: 'connected' | 'disconnected' | 'failed' }
  | { readonly type: 'restart-failed' }
  /** Another network, or one again. */
  | { readonly type: 'network-changed' }
  | { readonly type: 'feed-ended'; readonly why: LiveEnd }
  | { readonly type: 'seat-renewed' }
  /** `code` null: the server could not be asked. */
  | {
      readonly type: 'seat-refused';
      readonly code: string | null;
      readonly retryAfterSeconds: number | null;
    }
  | { readonly type: 'leave' }
  | { readonly type: 'timeout' };

/** What the machine wants done. `drop-call` says no goodbye: the seat stays. */
export type ReconnectAction = 'place-call' | 'drop-call' | 'restart-ice' | 'renew-seat' | 'hang-up';

/** A new state and what is to be done on the way. */
export interface ReconnectStep {
  readonly state: ReconnectState;
  readonly actions: readonly ReconnectAction[];
}

/** How long a network may be silent before something is done about it. */
const SHAKY_MS = 2000;
/** An ICE restart that has not helped by then is given up for a new call. */
const RESTART_MS = 4000;
/** A call that does not come about by then. */
const CALL_MS = 10_000;
const BACK_OFF_MS = [500, 1000, 2000, 4000] as const;
/** How long the first call is tried for: somebody watches. */
const FIRST_MS = 20_000;

/** The machine that keeps a browser in its seat: pure, told the time. `graceMs`: how long the server keeps the seat. */
export function stepReconnect(
  state: ReconnectState,
  input: ReconnectInput,
  { nowMs, graceMs }: { readonly nowMs: number; readonly graceMs: number },
): ReconnectStep {
  if (state.state === 'over') return stay(state);
  if (input.type === 'leave') return over({ by: 'server', why: 'left' });
  if (input.type === 'feed-ended') return feedEnded(state, input.why, { nowMs, graceMs });
  switch (state.state) {
    case 'idle':
      if (input.type !== 'start') return stay(state);
      return call(
        { sinceMs: nowMs, tries: 0, fault: 'socket', everUp: 'no', renewal: 'unused' },
        nowMs,
      );
    case 'calling':
      return whileCalling(state, input, { nowMs, graceMs });
    case 'waiting':
      return whileWaiting(state, input, { nowMs, graceMs });
    case 'renewing':
      return whileRenewing(state, input, { nowMs, graceMs });
    case 'up':
    case 'shaky':
    case 'restarting':
      return whileInCall(state, input, { nowMs, graceMs });
  }
}

/** When `timeout` is due; null: never. */
export function reconnectDeadlineMs(state: ReconnectState): number | null {
  switch (state.state) {
    case 'calling':
    case 'restarting':
      return state.giveUpAtMs;
    case 'waiting':
      return state.retryAtMs;
    case 'shaky':
      return state.sinceMs + SHAKY_MS;
    case 'idle':
    case 'renewing':
    case 'up':
    case 'over':
      return null;
  }
}

/** Since when nobody is heard, for the seconds that are shown; null while all is well. */
export function downSinceMs(state: ReconnectState): number | null {
  if (state.state === 'restarting') return state.sinceMs;
  return 'everUp' in state && state.everUp === 'yes' ? state.sinceMs : null;
}

interface Clock {
  readonly nowMs: number;
  readonly graceMs: number;
}

/** What each state answers for itself. */
type Rest = Exclude<ReconnectInput, { type: 'leave' | 'feed-ended' }>;

type InCall = Extract<ReconnectState, { state: 'up' | 'shaky' | 'restarting' }>;

function whileInCall(state: InCall, input: Rest, clock: Clock): ReconnectStep {
  const sinceMs = state.state === 'up' ? clock.nowMs : state.sinceMs;
  switch (input.type) {
    case 'media':
      if (input.media === 'connected') return { state: { state: 'up' }, actions: [] };
      if (state.state === 'restarting') return stay(state);
      if (input.media === 'failed') return restart(sinceMs, clock.nowMs);
      return state.state === 'up'
        ? { state: { state: 'shaky', sinceMs }, actions: [] }
        : stay(state);
    case 'network-changed':
      return state.state === 'restarting' ? stay(state) : restart(sinceMs, clock.nowMs);
    case 'timeout':
      if (state.state === 'shaky') return restart(sinceMs, clock.nowMs);
      return state.state === 'restarting' ? callAnew(sinceMs, clock.nowMs) : stay(state);
    case 'restart-failed':
      return state.state === 'restarting' ? callAnew(sinceMs, clock.nowMs) : stay(state);
    case 'socket-closed':
    case 'call-ended':
      return wait({ ...fresh(sinceMs), fault: 'socket' }, clock);
    case 'call-failed':
      return wait({ ...fresh(sinceMs), fault: input.fault }, clock);
    case 'start':
    case 'seat-renewed':
    case 'seat-refused':
      return stay(state);
  }
}

function whileCalling(
  state: Extract<ReconnectState, { state: 'calling' }>,
  input: Rest,
  clock: Clock,
): ReconnectStep {
  switch (input.type) {
    case 'media':
      if (input.media === 'connected') return { state: { state: 'up' }, actions: [] };
      return input.media === 'failed' ? wait({ ...state, fault: 'media' }, clock) : stay(state);
    case 'call-failed':
      if (input.status !== null && isFinal(input.status)) return refused(state);
      return wait({ ...state, fault: input.fault }, clock);
    case 'socket-closed':
      return wait({ ...state, fault: 'socket' }, clock);
    case 'call-ended':
      return wait({ ...state, fault: 'call' }, clock);
    case 'timeout':
      return wait({ ...state, fault: state.fault === 'socket' ? 'media' : state.fault }, clock);
    case 'network-changed':
    case 'start':
    case 'restart-failed':
    case 'seat-renewed':
    case 'seat-refused':
      return stay(state);
  }
}

function whileWaiting(
  state: Extract<ReconnectState, { state: 'waiting' }>,
  input: Rest,
  clock: Clock,
): ReconnectStep {
  if (input.type === 'timeout' || input.type === 'network-changed') return call(state, clock.nowMs);
  return stay(state);
}

function whileRenewing(
  state: Extract<ReconnectState, { state: 'renewing' }>,
  input: Rest,
  clock: Clock,
): ReconnectStep {
  if (input.type === 'seat-renewed') return call(state, clock.nowMs);
  if (input.type !== 'seat-refused') return stay(state);
  // The server is away, as while it starts again: the same question is asked later.
  if (input.code === null) return wait({ ...state, renewal: 'unused' }, clock);
  return over({ by: 'refusal', code: input.code, retryAfterSeconds: input.retryAfterSeconds });
}

/** Ends that a new seat can heal: the server stops and comes again, or has forgotten us. */
function feedEnded(state: ReconnectState, why: LiveEnd, clock: Clock): ReconnectStep {
  if (why === 'server-stopping') {
    if (isTrying(state)) return stay(state);
    return wait({ ...fresh(clock.nowMs), fault: 'socket' }, clock);
  }
  if (why === 'seat-expired' || why === 'room-fault') {
    if (state.state === 'renewing') return stay(state);
    const trying = isTrying(state) ? state : fresh(clock.nowMs);
    if (trying.renewal === 'unused') return renew(trying);
  }
  return over({ by: 'server', why });
}

/** A refusal says no reason that a person would understand: asking for a seat again does, or brings one. */
function refused(state: Trying): ReconnectStep {
  if (state.renewal === 'unused') return renew(state);
  return over({ by: 'network', fault: 'call', everUp: state.everUp });
}

function renew(trying: Trying): ReconnectStep {
  return {
    state: { ...tryingOf(trying), state: 'renewing', renewal: 'used' },
    actions: ['drop-call', 'renew-seat'],
  };
}

function restart(sinceMs: number, nowMs: number): ReconnectStep {
  return {
    state: { state: 'restarting', sinceMs, giveUpAtMs: nowMs + RESTART_MS },
    actions: ['restart-ice'],
  };
}

function callAnew(sinceMs: number, nowMs: number): ReconnectStep {
  return call({ ...fresh(sinceMs), fault: 'media' }, nowMs, ['drop-call']);
}

function call(
  trying: Trying,
  nowMs: number,
  before: readonly ReconnectAction[] = [],
): ReconnectStep {
  const state = { ...tryingOf(trying), tries: trying.tries + 1 };
  return {
    state: { ...state, state: 'calling', giveUpAtMs: nowMs + CALL_MS },
    actions: [...before, 'place-call'],
  };
}

function wait(trying: Trying, { nowMs, graceMs }: Clock): ReconnectStep {
  const limitMs = trying.everUp === 'yes' ? graceMs : FIRST_MS;
  const pauseMs = BACK_OFF_MS[Math.max(0, trying.tries - 1)] ?? 4000;
  if (nowMs + pauseMs - trying.sinceMs > limitMs) {
    return over({ by: 'network', fault: trying.fault, everUp: trying.everUp });
  }
  return {
    state: { ...tryingOf(trying), state: 'waiting', retryAtMs: nowMs + pauseMs },
    actions: ['drop-call'],
  };
}

function over(end: RoomEnd): ReconnectStep {
  return { state: { state: 'over', end }, actions: ['hang-up'] };
}

function stay(state: ReconnectState): ReconnectStep {
  return { state, actions: [] };
}

function isTrying(state: ReconnectState): state is ReconnectState & Trying {
  return 'renewal' in state;
}

/** After a call that was up. */
function fresh(sinceMs: number): Trying {
  return { sinceMs, tries: 0, fault: 'socket', everUp: 'yes', renewal: 'unused' };
}

function tryingOf({ sinceMs, tries, fault, everUp, renewal }: Trying): Trying {
  return { sinceMs, tries, fault, everUp, renewal };
}

/** Answers that the same call would get again; the others mean a busy or starting server. */
function isFinal(status: number): boolean {
  return status >= 400 && status !== 408 && status !== 480 && status !== 491 && !is5xx(status);
}

function is5xx(status: number): boolean {
  return status >= 500 && status < 600;
}
