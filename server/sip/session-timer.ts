import { NEVER } from '../../mixer/protocol/units.ts';
import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import { parameter, parseDigits } from './header-value.ts';
import type { HeaderLine } from './message-writer.ts';
import type { SipHeaders } from './message.ts';
import { SipParseError } from './sip-parse-error.ts';

/** How long sessions stand without a refresh (RFC 4028). */
export interface SessionTimerSettings {
  /** What we ask for, and the most that we take. */
  readonly expiresSeconds: number;
  /** The least that we take. */
  readonly minSeconds: number;
}

/** 1800 s, which RFC 4028 §4 recommends, and 90 s, the least that it allows. */
export const DEFAULT_SESSION_TIMERS: SessionTimerSettings = {
  expiresSeconds: 1800,
  minSeconds: 90,
};

/** RFC 4028 §5: what a Min-SE that is not written stands for. */
const DEFAULT_MIN_SECONDS = 90;

/** RFC 4028 §10: BYE goes out this long before the session expires, or a third of the interval. */
const MAX_MARGIN_SECONDS = 32;

const MAX_SECONDS = 4_294_967_295;

/** Longest interval that a 422 can make us ask for: a day. A call that nobody looks after for longer is lost. */
export const MAX_ASKED_SECONDS = 86_400;

/** What a message says of session timers. */
export interface TimerTerms {
  readonly expiresSeconds: number | null;
  /** Who refreshes: the sender of the request, or its receiver. */
  readonly refresher: 'uac' | 'uas' | null;
  readonly minSeconds: number;
  /** Whether its sender knows RFC 4028. */
  readonly knowledge: 'knows' | 'unaware';
}

const NO_TERMS: TimerTerms = {
  expiresSeconds: null,
  refresher: null,
  minSeconds: DEFAULT_MIN_SECONDS,
  knowledge: 'unaware',
};

/**
 * Reads Session-Expires, Min-SE, Supported and Require.
 * @throws SipParseError when one of them cannot be read.
 */
export function readTimerTerms(headers: SipHeaders): TimerTerms {
  const text = headers.first('session-expires');
  const minimum = headers.first('min-se');
  const semicolon = text === undefined ? -1 : text.indexOf(';');
  const parameters = text === undefined || semicolon === -1 ? '' : text.slice(semicolon);
  const refresher = parameter(parameters, 'refresher')?.toLowerCase();
  return {
    expiresSeconds: text === undefined ? null : secondsOf(text, 'Session-Expires'),
    refresher: refresher === 'uac' || refresher === 'uas' ? refresher : null,
    minSeconds: minimum === undefined ? DEFAULT_MIN_SECONDS : secondsOf(minimum, 'Min-SE'),
    knowledge: mentions(headers, 'timer') ? 'knows' : 'unaware',
  };
}

/** The same of a response, which is too late to be refused: what cannot be read says nothing. */
export function answeredTerms(headers: SipHeaders): TimerTerms {
  try {
    return readTimerTerms(headers);
  } catch (error) {
    if (!(error instanceof SipParseError)) throw error;
    return NO_TERMS;
  }
}

/** Whether Supported or Require names an extension. */
export function mentions(headers: SipHeaders, extension: string): boolean {
  return ['supported', 'require'].some((name) =>
    headers.list(name).some((each) => each.toLowerCase() === extension),
  );
}

function secondsOf(text: string, what: string): number {
  const semicolon = text.indexOf(';');
  const digits = semicolon === -1 ? text : text.slice(0, semicolon);
  return parseDigits(digits.trim(), MAX_SECONDS, what);
}

/*
 *   off ──2xx with Session-Expires──▶ running ──half the interval, ours to refresh──▶ refresh wanted
 *    ▲                                 │   ▲                                             │
 *    └──2xx without Session-Expires────┘   └──────────────2xx of either side─────────────┘
 *                                      └──shortly before the interval ends──▶ expired
 */
type State =
  | { readonly state: 'off' }
  | {
      readonly state: 'running';
      readonly seconds: number;
      readonly refresher: 'us' | 'peer';
      /** `NEVER` while a refresh is under way, or when it is the peer's to come. */
      readonly refreshAtMs: MonotonicMs;
      readonly expireAtMs: MonotonicMs;
    };

/** The session timer of one answered call, in both roles (RFC 4028). Pure: it writes lines and tells what is due. */
export class SessionTimer {
  readonly #settings: SessionTimerSettings;
  #state: State = { state: 'off' };
  /** The largest Min-SE that a 422 has told. */
  #minSeconds: number;

  constructor(settings: SessionTimerSettings) {
    this.#settings = settings;
    this.#minSeconds = settings.minSeconds;
  }

  get deadlineMs(): MonotonicMs {
    if (this.#state.state === 'off') return NEVER;
    return Math.min(this.#state.refreshAtMs, this.#state.expireAtMs);
  }

  /** What is due now. A refresh is told once, until `postpone` or the next 2xx. */
  due(nowMs: MonotonicMs): 'nothing' | 'refresh' | 'expired' {
    const state = this.#state;
    if (state.state === 'off') return 'nothing';
    if (nowMs >= state.expireAtMs) return 'expired';
    if (nowMs < state.refreshAtMs) return 'nothing';
    this.#state = { ...state, refreshAtMs: NEVER };
    return 'refresh';
  }

  /**
   * Settles the timer for a re-INVITE, INVITE or UPDATE of the peer that gets its 2xx now (RFC 4028 §9), and returns the
   * lines of that 2xx. None when the peer knows no timers, no proxy wants one, and none is running.
   */
  answer(request: TimerTerms, nowMs: MonotonicMs): readonly HeaderLine[] {
    const { knowledge } = request;
    const isWanted = knowledge === 'knows' || request.expiresSeconds !== null;
    if (!isWanted && this.#state.state === 'off') return [];
    const least = Math.max(request.minSeconds, this.#settings.minSeconds);
    // RFC 4028 §9: what the request asks for may be made shorter here, never longer; less than 90 s does not exist.
    const asked = request.expiresSeconds ?? Math.max(this.#seconds(), request.minSeconds);
    const most = Math.max(least, this.#settings.expiresSeconds);
    const seconds = Math.max(DEFAULT_MIN_SECONDS, Math.min(asked, most));
    const refresher = knowledge === 'unaware' ? 'uas' : (request.refresher ?? this.#keptRole());
    this.#run(seconds, refresher === 'uas' ? 'us' : 'peer', nowMs);
    const line: HeaderLine = ['Session-Expires', `${seconds};refresher=${refresher}`];
    return knowledge === 'knows' ? [line, ['Require', 'timer']] : [line];
  }

  /** What holds when the peer asks for nothing. */
  #seconds(): number {
    return this.#state.state === 'running' ? this.#state.seconds : this.#settings.expiresSeconds;
  }

  /** Who refreshes when the peer leaves it open: who did so before, else the peer (RFC 4028 §7.4). */
  #keptRole(): 'uac' | 'uas' {
    return this.#state.state === 'running' && this.#state.refresher === 'us' ? 'uas' : 'uac';
  }

  /** Lines of a re-INVITE or UPDATE of ours: what holds now is asked for again (RFC 4028 §7.4). */
  requestLines(): readonly HeaderLine[] {
    const state = this.#state;
    if (state.state === 'off') return [];
    const seconds = Math.max(state.seconds, this.#minSeconds);
    const refresher = state.refresher === 'us' ? 'uac' : 'uas';
    const line: HeaderLine = ['Session-Expires', `${seconds};refresher=${refresher}`];
    return [line, ['Min-SE', String(this.#minSeconds)]];
  }

  /** Takes over what a 2xx to a request of ours says (RFC 4028 §7.2). */
  accepted(response: TimerTerms, nowMs: MonotonicMs): void {
    if (response.expiresSeconds === null) {
      this.#state = { state: 'off' };
      return;
    }
    this.#run(
      Math.max(response.expiresSeconds, DEFAULT_MIN_SECONDS),
      response.refresher === 'uas' ? 'peer' : 'us',
      nowMs,
    );
  }

  /** Takes over the Min-SE of a 422 (RFC 4028 §7.3); `stuck` when it asks for nothing more than we did. */
  raise(response: TimerTerms): 'raised' | 'stuck' {
    const state = this.#state;
    const asked = state.state === 'off' ? 0 : Math.max(state.seconds, this.#minSeconds);
    if (response.minSeconds <= asked || response.minSeconds > MAX_ASKED_SECONDS) return 'stuck';
    this.#minSeconds = response.minSeconds;
    return 'raised';
  }

  /** A refresh of ours was refused: the next one goes out when half of what is left is over. */
  postpone(nowMs: MonotonicMs): void {
    const state = this.#state;
    if (state.state === 'off' || state.refresher === 'peer') return;
    const leftMs = state.expireAtMs - nowMs;
    // Near the end another try would only cross our BYE.
    const refreshAtMs = leftMs < 2000 ? NEVER : nowMs + leftMs / 2;
    this.#state = { ...state, refreshAtMs };
  }

  #run(seconds: number, refresher: 'us' | 'peer', nowMs: MonotonicMs): void {
    const marginSeconds = Math.min(MAX_MARGIN_SECONDS, seconds / 3);
    this.#state = {
      state: 'running',
      seconds,
      refresher,
      refreshAtMs: refresher === 'us' ? nowMs + seconds * 500 : NEVER,
      expireAtMs: nowMs + (seconds - marginSeconds) * 1000,
    };
  }
}
