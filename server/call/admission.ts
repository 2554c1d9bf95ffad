import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import type { AccessNumber, Config, TrunkSettings } from '../config/config.ts';
import type { EntryPoint } from '../ivr/entry-message.ts';
import { NO_RULES, planNumber } from '../numbering/plan-number.ts';
import type { PlannedNumber } from '../numbering/plan-number.ts';
import { TokenBucket } from '../runtime/token-bucket.ts';
import type { InboundInvite } from '../sip/user-agent.ts';
import { dialledTexts, identify } from './caller.ts';
import type { CallerIdentity } from './caller.ts';
import type { ReleaseCause } from './release-cause.ts';

/** Whether a call may come in, and where it begins. */
export type Admission =
  | {
      readonly outcome: 'admitted';
      readonly trunk: TrunkSettings;
      readonly entryPoint: EntryPoint;
      /** The access number in the form of the config. */
      readonly accessNumber: string;
      readonly called: PlannedNumber;
      readonly caller: CallerIdentity;
    }
  | {
      readonly outcome: 'refused';
      readonly trunk: TrunkSettings | null;
      readonly cause: ReleaseCause;
      readonly retryAfterS: number | null;
      /** Null for a stranger. */
      readonly called: PlannedNumber | null;
      readonly caller: CallerIdentity | null;
      /** Null when what was dialled is none. */
      readonly accessNumber: string | null;
    };

/** What was dialled, and the access number that it is. */
interface Dialled {
  readonly called: PlannedNumber;
  readonly accessNumber: AccessNumber | undefined;
}

/** Seconds after which a caller over a limit may try again. */
export const RETRY_AFTER_S = 10;
const RETRY_SOON_S = 1;

interface TrunkLoad {
  calls: number;
  /** One second's worth may come at once. */
  readonly bucket: TokenBucket;
}

/**
 * The gate before every call: number, trunk, limits. It counts the calls it let in; each is given back by `left`.
 * A caller ID plays no part: it is a label, never a permission.
 */
export class AdmissionGate {
  #config: Config;
  #accessNumbers: ReadonlyMap<string, AccessNumber>;
  readonly #loads = new Map<string, TrunkLoad>();
  #calls = 0;

  constructor(config: Config) {
    this.#config = config;
    this.#accessNumbers = accessNumbersOf(config);
  }

  /** New settings from here on. Calls that are inside stay counted. */
  reload(config: Config): void {
    this.#config = config;
    this.#accessNumbers = accessNumbersOf(config);
  }

  /** Calls that are inside. */
  get calls(): number {
    return this.#calls;
  }

  /** Judges an INVITE that came over `trunk`. A call that is admitted is counted at once. */
  admit(invite: InboundInvite, trunk: TrunkSettings | null, nowMs: MonotonicMs): Admission {
    if (trunk === null) return refuseStranger();
    const { called, accessNumber } = this.#dialled(invite, trunk);
    const caller = identify(invite, trunk, this.#config.numbers.countryCode);
    const read = { called, caller, accessNumber: accessNumber?.number ?? null };
    const refused = (cause: ReleaseCause, retryAfterS: number | null = null): Admission => {
      return { outcome: 'refused', trunk, cause, retryAfterS, ...read };
    };
    if (accessNumber === undefined) return refused('no-such-number');
    if (accessNumber.onNetOnly && !trunk.onNet) return refused('on-net-only');
    const load = this.#loadOf(trunk, nowMs);
    if (load.calls >= trunk.maxCalls || this.#calls >= this.#config.limits.maxCalls) {
      return refused('too-many-calls', RETRY_AFTER_S);
    }
    if (!load.bucket.take(nowMs)) return refused('too-many-calls-per-second', RETRY_SOON_S);
    load.calls += 1;
    this.#calls += 1;
    return {
      outcome: 'admitted',
      ...{ trunk, called, caller },
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

  /** The first of what may have been dialled that is an access number. */
  #dialled(invite: InboundInvite, trunk: TrunkSettings): Dialled {
    const { countryCode } = this.#config.numbers;
    const plan = { country: trunk.numbers.country, rules: trunk.numbers.called };
    const [likeliest, ...others] = dialledTexts(invite, trunk);
    const called = planNumber(likeliest, plan, countryCode);
    const accessNumber = this.#accessNumbers.get(called.number);
    if (accessNumber !== undefined) return { called, accessNumber };
    for (const text of others) {
      const other = planNumber(text, plan, countryCode);
      const found = this.#accessNumbers.get(other.number);
      if (found !== undefined) return { called: other, accessNumber: found };
    }
    return { called, accessNumber: undefined };
  }

  #loadOf(trunk: TrunkSettings, nowMs: MonotonicMs): TrunkLoad {
    const terms = { perSecond: trunk.callsPerSecond, capacity: trunk.callsPerSecond };
    const load = this.#loads.get(trunk.name);
    load?.bucket.goBy(terms);
    if (load !== undefined) return load;
    const fresh = { calls: 0, bucket: new TokenBucket({ ...terms, nowMs }) };
    this.#loads.set(trunk.name, fresh);
    return fresh;
  }
}

function refuseStranger(): Admission {
  const nothing = { trunk: null, retryAfterS: null, called: null, caller: null };
  const accessNumber = null;
  return { outcome: 'refused', cause: 'no-such-number', ...nothing, accessNumber };
}

/** The access numbers of the settings by the form that planned numbers have. */
function accessNumbersOf({ accessNumbers, numbers }: Config): ReadonlyMap<string, AccessNumber> {
  const rows = accessNumbers.map((row) => {
    return [planNumber(row.number, NO_RULES, numbers.countryCode).number, row] as const;
  });
  return new Map(rows);
}

function entryPointOf(accessNumber: AccessNumber, trunk: TrunkSettings): EntryPoint {
  if (accessNumber.room !== null) {
    const pin = accessNumber.requirePin ? 'asked' : 'not-asked';
    return { type: 'room', number: accessNumber.room, pin };
  }
  return { type: 'menu', createByPhone: trunk.createByPhone ? 'allowed' : 'not-allowed' };
}
