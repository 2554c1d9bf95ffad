import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';
import type { TroubleCode } from './trouble.ts';

/** How a registration stands. */
export type RegistrationWord =
  /** The registrar sends calls here. */
  | 'registered'
  /** On the way, or between two tries after a failure that may pass. */
  | 'registering'
  | 'failing'
  /** The registrar does not want us: wrong password, unknown user. Tried again rarely, and when settings change. */
  | 'refused'
  /** Taken back. */
  | 'stopped';

/** One trunk's registration, as it is shown to people and counted. */
export interface RegistrationSnapshot {
  readonly state: RegistrationWord;
  readonly server: string;
  readonly sinceWallclockMs: WallclockMs;
  /** When the binding runs out; null when there is none. */
  readonly registeredUntilWallclockMs: WallclockMs | null;
  /** When it is refreshed or tried again; null while an answer is being waited for. */
  readonly nextTryWallclockMs: WallclockMs | null;
  /** The latest final status; null before the first one. */
  readonly lastStatus: number | null;
  /** What went wrong last, in words; null when nothing is wrong. Presentable. */
  readonly lastError: string | null;
  /** The same for programs. */
  readonly lastTrouble: TroubleCode | null;
  /** Failures in a row. */
  readonly failures: number;
  /** Where REGISTER goes: `udp 192.0.2.1:5060`; null before it is known. */
  readonly destination: string | null;
  /** Our address in Contact, `host:port`; null before the first request. */
  readonly contact: string | null;
  /** The address that the registrar sees us at (`received`, `rport`) when it is not the one in Contact: a NAT is between. */
  readonly seenAs: string | null;
  /** Service-Route of the registrar (RFC 3608), for requests to it. */
  readonly serviceRoute: readonly string[];
}

/** One address of a trunk's hosts. */
export interface HostSnapshot {
  /** As it is configured. */
  readonly host: string;
  /** What it was resolved to: `udp 192.0.2.1:5060`; null while it is not known. */
  readonly address: string | null;
  /** `unknown`: not asked yet, or never asked. */
  readonly state: 'up' | 'down' | 'unknown';
  /** Whether the next call goes there first. */
  readonly use: 'preferred' | 'spare';
  readonly sinceWallclockMs: WallclockMs;
  /** Of the latest ping; null when there was none or nobody answered. */
  readonly lastStatus: number | null;
  readonly roundTripMs: DurationMs | null;
  /** In words; null when nothing is wrong. */
  readonly lastError: string | null;
  /** The same for programs. */
  readonly lastTrouble: TroubleCode | null;
}

/** One trunk, for `konfa trunks` and the counters. */
export interface TrunkSnapshot {
  readonly name: string;
  /** null: this trunk does not register. */
  readonly registration: RegistrationSnapshot | null;
  readonly hosts: readonly HostSnapshot[];
}
