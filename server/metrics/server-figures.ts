/** Figures that are looked up when somebody scrapes. Totals only ever grow; the others are as they are now. */
export interface ServerFigures {
  /** SIP transactions and dialogs that stand, INVITEs not answered yet included. */
  readonly transactions: number;
  readonly dialogs: number;
  /** Connections that stand, by kind: accepted, made. */
  readonly connections: Readonly<Record<string, number>>;
  /** Messages that were no SIP, total. */
  readonly malformed: number;
  /** Messages from addresses on no trunk, total. */
  readonly strangers: number;
  /** Requests and responses that came again, total: their transaction knew them. */
  readonly retransmissionsReceived: number;
  /** New calls refused because of overload or limits (503), total. */
  readonly overloadRefusals: number;
  readonly guard: GuardTotals;
  /** Bans that stand. */
  readonly banned: number;
  readonly trunks: readonly TrunkFigures[];
  /** Rooms with people in them, people in them, and calls that are not over. */
  readonly rooms: number;
  readonly people: number;
  readonly calls: number;
  readonly workers: readonly WorkerFigures[];
  /** Calls whose messages are kept, and the octets of them. */
  readonly trace: { readonly calls: number; readonly bytes: number };
  /** Copies to the collector, total. */
  readonly hep: { readonly sent: number; readonly dropped: number };
}

/** Totals of the guard. */
interface GuardTotals {
  /** Failures noted, by kind. */
  readonly offences: Readonly<Record<string, number>>;
  /** Messages and connections dropped unseen. */
  readonly droppedBanned: number;
  readonly droppedFlood: number;
  readonly bans: number;
}

/** Figures of a trunk. */
export interface TrunkFigures {
  readonly name: string;
  readonly calls: number;
  /** `none`: it does not register. */
  readonly registration: 'none' | 'registered' | 'unregistered';
  readonly hosts: readonly { readonly host: string; readonly state: 'up' | 'down' | 'unknown' }[];
}

/** Totals of a media worker, and its legs now. */
export interface WorkerFigures {
  readonly worker: string;
  readonly ticks: number;
  readonly lateTicks: number;
  readonly skippedTicks: number;
  readonly overdueDeadlines: number;
  readonly legs: number;
}
