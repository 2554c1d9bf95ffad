import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import type { AccessNumber, Config, TrunkSettings } from '../config/config.ts';
import { normaliseNumber } from '../config/phone-number.ts';
import type { EntryPoint } from '../ivr/entry-message.ts';
import type { InboundInvite } from '../sip/user-agent.ts';
import type { ReleaseCause } from './release-cause.ts';

/** Whether a call may come in, and where it begins. */
export type Admission =
  | {
      readonly outcome: 'admitted';
      readonly trunk: TrunkSettings;
      readonly entryPoint: EntryPoint;
      /** The access number in the form of the config. */
      readonly accessNumber: string;
    }
  | {
      readonly outcome: 'refused';
      readonly trunk: TrunkSettings | null;
      readonly cause: ReleaseCause;
      readonly retryAfterS: number | null;
    };

/** Seconds after which a caller over a limit may try again. */
export const RETRY_AFTER_S = 10;
const RETRY_SOON_S = 1;

interface TrunkLoad {
  calls: number;
  /** Calls that may come at once; grows by `callsPerSecond` up to one second's worth. */
  tokens: number;
  filledAtMs: MonotonicMs;
}

/**
 * The gate before every call: number, trunk, limits. It counts the calls it let in; each is given back by `left`.
 * A caller ID plays no part: it is a label, never a permission.
 */
export class AdmissionGate {
  #config: Config;
  readonly #loads = new Map<string, TrunkLoad>();
  #calls = 0;

  constructor(config: Config) {
    this.#config = config;
  }

  /** New settings from here on. Calls that are inside stay counted. */
  reload(config: Config): void {
    this.#config = config;
  }

  /** Calls that are inside. */
  get calls(): number {
    return this.#calls;
  }

  /** Judges an INVITE that came over `trunk`. A call that is admitted is counted at once. */
  admit(invite: InboundInvite, trunk: TrunkSettings | null, nowMs: MonotonicMs): Admission {
    if (trunk === null) return refused(trunk, 'no-such-number');
    const accessNumber = this.#accessNumber(invite.calledUser);
    if (accessNumber === undefined) return refused(trunk, 'no-such-number');
    if (accessNumber.onNetOnly && !trunk.onNet) return refused(trunk, 'on-net-only');
    const load = this.#loadOf(trunk, nowMs);
    if (load.calls >= trunk.maxCalls || this.#calls >= this.#config.limits.maxCalls) {
      return refused(trunk, 'too-many-calls', RETRY_AFTER_S);
    }
    if (load.tokens < 1) return refused(trunk, 'too-many-calls-per-second', RETRY_SOON_S);
    load.tokens -= 1;
    load.calls += 1;
    this.#calls += 1;
    return {
      outcome: 'admitted',
      trunk,
      accessNumber: accessNumber.number,
      entryPoint: entryPointOf(accessNumber, trunk),
    };
  }

  /** A guest comes in, whose seat was judged elsewhere: only all calls together are counted. */
  admitGuest(): 'admitted' | 'too-many-calls' {
    if (this.#calls >= this.#config.limits.maxCalls) return 'too-many-calls';
    this.#calls += 1;
    return 'admitted';
  }

  /** A guest's call is over. */
  guestLeft(): void {
    this.#calls -= 1;
  }

  /** Calls of one trunk that are inside. */
  callsOf(trunkName: string): number {
    return this.#loads.get(trunkName)?.calls ?? 0;
  }

  /** A call that was admitted over the trunk of this name is over. */
  left(trunkName: string): void {
    const load = this.#loads.get(trunkName);
    if (load !== undefined) load.calls -= 1;
    this.#calls -= 1;
  }

  #accessNumber(calledUser: string): AccessNumber | undefined {
    const number = normaliseNumber(calledUser, this.#config.numbers.countryCode);
    return this.#config.accessNumbers.find((row) => row.number === number);
  }

  #loadOf(trunk: TrunkSettings, nowMs: MonotonicMs): TrunkLoad {
    const load = this.#loads.get(trunk.name);
    if (load === undefined) {
      const fresh = { calls: 0, tokens: trunk.callsPerSecond, filledAtMs: nowMs };
      this.#loads.set(trunk.name, fresh);
      return fresh;
    }
    const earned = ((nowMs - load.filledAtMs) / 1000) * trunk.callsPerSecond;
    load.tokens = Math.min(trunk.callsPerSecond, load.tokens + earned);
    load.filledAtMs = nowMs;
    return load;
  }
}

function refused(
  trunk: TrunkSettings | null,
  cause: ReleaseCause,
  retryAfterS: number | null = null,
): Admission {
  return { outcome: 'refused', trunk, cause, retryAfterS };
}

function entryPointOf(accessNumber: AccessNumber, trunk: TrunkSettings): EntryPoint {
  if (accessNumber.room !== null) {
    const pin = accessNumber.requirePin ? 'asked' : 'not-asked';
    return { type: 'room', number: accessNumber.room, pin };
  }
  return { type: 'menu', createByPhone: trunk.createByPhone ? 'allowed' : 'not-allowed' };
}
