import type { Facts } from '../../mixer/protocol/coded-error.ts';
import type { DurationMs, MonotonicMs } from '../../mixer/protocol/units.ts';
import type { DigestVerdict } from '../sip/digest/digest-client.ts';
import type { SipResponse } from '../sip/message.ts';
import { presentable } from '../sip/octet-string.ts';
import { seenAs, serviceRouteOf } from './register-request.ts';
import type { RegisterSettings } from './register-request.ts';
import type { Asked } from './register-sender.ts';
import type { Binding, Phase } from './registration-phase.ts';
import { registrarTrouble } from './trouble.ts';
import type { Trouble, TroubleCode } from './trouble.ts';
import { destinationText } from './trunk-core.ts';
import type { TrunkAction } from './trunk-core.ts';
import type { RegistrationWord } from './trunk-snapshot.ts';

/** What a registration tells of itself. Instants are monotonic. */
export interface RegistrationFacts {
  readonly state: RegistrationWord;
  readonly sinceMs: MonotonicMs;
  readonly registeredUntilMs: MonotonicMs | null;
  readonly nextTryMs: MonotonicMs | null;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly lastTrouble: TroubleCode | null;
  readonly failures: number;
  readonly destination: string | null;
  readonly contact: string | null;
  readonly seenAs: string | null;
  readonly serviceRoute: readonly string[];
}

/** What people are told of a registration: its state in one word, what went wrong, and a log line at every change. */
export class RegistrationStatus {
  readonly #trunk: string;
  readonly #server: string;
  #word: RegistrationWord = 'registering';
  #sinceMs: MonotonicMs | null = null;
  #failures = 0;
  #lastStatus: number | null = null;
  #trouble: Trouble | null = null;
  #seenAs: string | null = null;
  #serviceRoute: readonly string[] = [];
  #asked: Asked | null = null;

  constructor(trunk: string, server: string) {
    this.#trunk = trunk;
    this.#server = server;
  }

  /** Tries in a row that came to nothing. */
  get failures(): number {
    return this.#failures;
  }

  sent(asked: Asked): void {
    this.#asked = asked;
  }

  /** A final answer. Says in the log, once, that a NAT is between. */
  answered(response: SipResponse): readonly TrunkAction[] {
    this.#lastStatus = response.status;
    const seen = seenAs(response);
    const isNew = seen !== null && seen !== this.#seenAs;
    this.#seenAs = seen;
    if (!isNew) return [];
    return [this.line('info', 'there is a NAT between us and the registrar', { seenAs: seen })];
  }

  /** An answer that is none that we hoped for. */
  unwelcome(response: SipResponse): void {
    const phrase = presentable(response.reasonPhrase, 60);
    this.#trouble = { code: 'status', words: `${response.status} ${phrase}`.trim() };
  }

  /** Something went wrong. */
  trouble(trouble: Trouble): void {
    this.#trouble = trouble;
  }

  /** Who answers shows that it does not know our password (RFC 7616 §3.5): its 200 is worth nothing. */
  unproven(): TrunkAction {
    this.#trouble = registrarTrouble('wrong-proof');
    return this.line('warn', 'a registrar does not know our password', {});
  }

  /** Nobody answered. */
  silence(trouble: Trouble): void {
    this.#lastStatus = null;
    this.#trouble = trouble;
  }

  /** A try came to nothing. */
  failed(): void {
    this.#failures += 1;
  }

  succeeded(response: SipResponse): void {
    this.#failures = 0;
    this.#trouble = null;
    this.#serviceRoute = serviceRouteOf(response);
  }

  /** A log line when the state in words has changed; none for a refresh. */
  tell(phase: Phase, binding: Binding | null, nowMs: MonotonicMs): readonly TrunkAction[] {
    const word = this.#wordOf(phase, binding);
    this.#sinceMs ??= nowMs;
    if (word === this.#word) return [];
    const before = this.#word;
    this.#word = word;
    this.#sinceMs = nowMs;
    const nextTrySeconds = phase.state === 'waiting' ? inSeconds(phase.untilMs - nowMs) : null;
    const reason = this.#trouble?.words ?? null;
    const trouble = { reason, status: this.#lastStatus, nextTrySeconds };
    switch (word) {
      case 'registered': {
        const expirySeconds = binding === null ? null : inSeconds(binding.untilMs - nowMs);
        return [this.line('info', 'a trunk is registered', { expirySeconds })];
      }
      case 'failing':
        return [this.line('warn', 'a trunk is not registered', trouble)];
      case 'refused':
        return [this.line('error', 'a registrar refuses us', trouble)];
      case 'stopped':
        if (before !== 'registered') return [];
        return [this.line('info', 'a registration is taken back', {})];
      case 'registering':
        return [];
    }
  }

  /** A line that names the trunk, its registrar and where we ask. */
  line(level: 'info' | 'warn' | 'error', message: string, facts: Facts): TrunkAction {
    const destination = this.#asked === null ? null : destinationText(this.#asked.destination);
    const common = { trunk: this.#trunk, server: this.#server, destination };
    return { type: 'log', level, message, facts: { ...common, ...facts } };
  }

  facts(phase: Phase, binding: Binding | null): RegistrationFacts {
    return {
      state: this.#word,
      sinceMs: this.#sinceMs ?? 0,
      registeredUntilMs: binding?.untilMs ?? null,
      nextTryMs: phase.state === 'waiting' ? phase.untilMs : null,
      lastStatus: this.#lastStatus,
      lastError: this.#trouble?.words ?? null,
      lastTrouble: this.#trouble?.code ?? null,
      failures: this.#failures,
      destination: this.#asked === null ? null : destinationText(this.#asked.destination),
      contact: this.#asked === null ? null : placeOf(this.#asked.contact),
      seenAs: this.#seenAs,
      serviceRoute: this.#serviceRoute,
    };
  }

  #wordOf(phase: Phase, binding: Binding | null): RegistrationWord {
    if (phase.state === 'stopped' || phase.state === 'taking-back') return 'stopped';
    if (phase.state === 'waiting' && phase.why === 'refused') return 'refused';
    if (binding !== null) return 'registered';
    // While somebody who was refused is asked again, nothing has changed yet.
    if (this.#word === 'refused' && phase.state !== 'waiting') return 'refused';
    return this.#failures > 0 || this.#trouble !== null ? 'failing' : 'registering';
  }
}

/** Host and port of a Contact, without the user part, which is nobody's business. */
export function placeOf(contact: string): string {
  return contact.slice(contact.indexOf('@') + 1);
}

/** Whole seconds, for people. */
export function inSeconds(durationMs: DurationMs): number {
  return Math.round(durationMs / 1000);
}

/** Why a challenge is not answered. */
export function refusalTrouble(
  verdict: Extract<DigestVerdict, { readonly then: 'give-up' }>,
  { realm: ours }: RegisterSettings,
): Trouble {
  const realm = JSON.stringify(verdict.realm);
  switch (verdict.why) {
    case 'wrong':
      return {
        code: 'wrong-credentials',
        words: `user name or password is wrong for the realm ${realm}`,
      };
    case 'other-realm':
      return {
        code: 'other-realm',
        words: `it asks for the realm ${realm}, the settings are for ${JSON.stringify(ours)}`,
      };
    case 'unknown':
      return {
        code: 'unknown-challenge',
        words: 'it asks for credentials in a way that is not known here',
      };
  }
}
