/** Figures that are looked up when somebody scrapes. Totals only ever grow; the others are as they are now. */
export interface ServerFigures {
  /** SIP transactions and dialogs that stand, INVITEs not answered yet included. */
  readonly transactions: number;
  readonly dialogs: number;
  /** Connections that stand, by transport: tcp, tls, ws, wss. */
  readonly connections: Readonly<Record<string, number>>;
  /** Messages that were no SIP, total. */
  readonly malformed: number;
  /** Requests from addresses on no trunk, total. */
  readonly strangers: number;
  /** Requests that came again, total: their transaction knew them. */
  readonly retransmissionsReceived: number;
  /** Requests and responses refused because of overload (503), total. */
  readonly overloadRefusals: number;
  readonly guard: {
    /** Messages and connections dropped unseen, total, by reason. */
    readonly drops: Readonly<Record<string, number>>;
    /** Failures noted, total, by kind. */
    readonly offences: Readonly<Record<string, number>>;
    /** Bans, total, and those that stand. */
    readonly bansTotal: number;
    readonly banned: number;
  };
  readonly trunks: readonly TrunkFigures[];
  readonly rooms: number;
  readonly people: number;
  /** Calls that are not over. */
  readonly calls: number;
  /** Media workers, as they last reported. */
  readonly workers: readonly WorkerFigures[];
}

/** Figures of a trunk. */
export interface TrunkFigures {
  readonly name: string;
  readonly calls: number;
  readonly registration: 'none' | 'registered' | 'unregistered';
  readonly hosts: readonly {
    readonly host: string;
    readonly state: 'up' | 'down' | 'unknown';
  }[];
}

/** Figures of a media worker. */
export interface WorkerFigures {
  readonly worker: string;
  /** Totals. */
  readonly ticks: number;
  readonly lateTicks: number;
  readonly skippedTicks: number;
  readonly overdueDeadlines: number;
  readonly legs: number;
}
