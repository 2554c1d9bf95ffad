import type { MonotonicMs } from '../../../mixer/protocol/units.ts';

/**
 * What a source did that nobody does by accident. A challenge that is answered, a lost packet or a busy trunk is none.
 * `unknown-source`: a request from an address on no trunk. `malformed`: what is not SIP. `no-such-number`: a number
 * that leads nowhere. `flood`: more than the settings allow. `bad-credentials`: a password or token that is wrong.
 */
export type Offence =
  'unknown-source' | 'malformed' | 'no-such-number' | 'flood' | 'bad-credentials';

/** Keeps those out who scan and flood: rates and temporary bans for each source address. */
export interface SourceGuard {
  /** Judges each message and connection before it is looked at. `drop`: no answer, nothing costs anything. */
  admit(host: string, nowMs: MonotonicMs): 'pass' | 'drop';
  /** Notes a failure. May ban the address; what is to be logged waits for `takeLines`. */
  offend(host: string, offence: Offence, nowMs: MonotonicMs): void;
}
