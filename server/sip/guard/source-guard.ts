import type { MonotonicMs } from '../../../mixer/protocol/units.ts';
import type { SipTransport } from '../user-agent.ts';

/**
 * What a source did that nobody does by accident. A challenge that is answered, a lost packet or a busy trunk is none.
 * `unknown-source`: a request from an address on no trunk. `malformed`: what is not SIP. `no-such-number`: a number
 * that leads nowhere. `flood`: more than the settings allow. `bad-credentials`: a browser's token that is wrong.
 */
export type Offence =
  'unknown-source' | 'malformed' | 'no-such-number' | 'flood' | 'bad-credentials';

/**
 * Where something came from. Every SipFlow is one. The transport tells how much the address is worth: anybody can write
 * any address into a datagram, but nobody opens a connection from an address that is not theirs.
 */
export interface GuardedSource {
  readonly remoteHost: string;
  readonly transport: SipTransport;
}

/** Keeps those out who scan and flood: rates and temporary bans for each source address. */
export interface SourceGuard {
  /**
   * Judges each message and connection before it is looked at. `drop`: no answer, nothing costs anything.
   * A mere host stands for a connection that is being made. What came by UDP never closes the door to connections.
   */
  admit(source: GuardedSource | string, nowMs: MonotonicMs): 'pass' | 'drop';
  /**
   * Notes a failure and writes its security line. May ban the source. Trunks, and what `neverBan` lists, are never
   * banned: their failures are only counted. A mere host stands for a connection.
   */
  offend(source: GuardedSource | string, offence: Offence, nowMs: MonotonicMs): void;
}

/** A ban that stands. */
export interface Ban {
  /** The address; of IPv6 the /64: `203.0.113.9`, `2001:db8:0:1::/64`. */
  readonly source: string;
  /** `datagrams`: earned by UDP, holds for UDP alone. `everything`: earned over a connection. */
  readonly scope: 'datagrams' | 'everything';
  readonly why: Offence;
  readonly sinceMs: MonotonicMs;
  readonly untilMs: MonotonicMs;
  /** How many bans of this source this is, those that are forgotten left out. */
  readonly count: number;
}

/** Figures of a guard since it was made, for metrics. */
export interface GuardFigures {
  readonly offences: Readonly<Record<Offence, number>>;
  /** Messages and connections that were dropped because their source is banned. */
  readonly droppedBanned: number;
  /** Messages and connections that were dropped because their source sends too many. */
  readonly droppedFlood: number;
  /** Bans so far. */
  readonly bans: number;
  /** Bans that were due, but not kept because there are too many already. */
  readonly bansNotKept: number;
  /** Security lines that were left out because there were too many. */
  readonly linesLeftOut: number;
  /** Sources that something is remembered of now. Bounded. */
  readonly sources: number;
}

/** A guard as the program holds it: seen from the command line, and told of new settings. */
export interface ManagedGuard<Settings> extends SourceGuard {
  /** The bans that stand, the latest first. */
  bans(nowMs: MonotonicMs): readonly Ban[];
  /** Ends the bans of an address or of a `source` of `bans`, and forgets what it did. */
  lift(source: string, nowMs: MonotonicMs): 'lifted' | 'not-banned';
  /** From here on these settings count. Bans that stand keep their end. */
  reload(settings: Settings): void;
  readonly figures: GuardFigures;
}
