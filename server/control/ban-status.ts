import { z } from 'zod';

import { CodedError } from '../../mixer/protocol/coded-error.ts';
import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Clock } from '../runtime/clock.ts';
import type { ControlHandlers } from './control-handlers.ts';

const banStatus = z.object({
  /** The address, or the network that is banned as a whole. */
  source: z.string(),
  /** `datagrams`: only what comes by UDP is dropped. */
  scope: z.enum(['datagrams', 'everything']),
  /** What it did. */
  why: z.string(),
  sinceWallclockMs: z.number(),
  untilWallclockMs: z.number(),
  /** How many times it was banned, this time included. */
  count: z.number(),
});

/** A ban as `konfa bans` and the panel show it. */
export type BanStatus = z.infer<typeof banStatus>;

/** What `konfa bans` gets. */
export const bansAnswerSchema = z.object({ bans: z.array(banStatus) });

/** What `konfa bans --lift` sends. */
const unbanRequest = z.strictObject({ source: z.string().min(1).max(64) });

/** Where bans are listed and lifted: the guard of SIP. */
export interface BanBook {
  bans(nowMs: MonotonicMs): readonly {
    readonly source: string;
    readonly scope: 'datagrams' | 'everything';
    readonly why: string;
    readonly sinceMs: MonotonicMs;
    readonly untilMs: MonotonicMs;
    readonly count: number;
  }[];
  lift(source: string, nowMs: MonotonicMs): 'lifted' | 'not-banned';
}

/** That address is not banned. */
class NotBannedError extends CodedError {
  constructor() {
    super('NOT_BANNED', 'that address is not banned; "konfa bans" lists those that are');
  }
}

/** Bans for people: listed with times of the wall clock, and lifted. */
export interface BanDesk {
  /** The bans that stand, the latest first. */
  bans(): readonly BanStatus[];
  lift(source: string): 'lifted' | 'not-banned';
}

/** Tells of the bans of a guard. */
export function createBanDesk(book: BanBook, clock: Clock): BanDesk {
  return {
    bans() {
      const nowMs = clock.monotonicMs();
      const offsetMs = clock.wallclockMs() - nowMs;
      return book.bans(nowMs).map(({ source, scope, why, count, sinceMs, untilMs }) => ({
        ...{ source, scope, why, count },
        sinceWallclockMs: Math.round(sinceMs + offsetMs),
        untilWallclockMs: Math.round(untilMs + offsetMs),
      }));
    },
    lift: (source) => book.lift(source, clock.monotonicMs()),
  };
}

/** The commands `bans` and `unban`. */
export function banCommands(desk: BanDesk): ControlHandlers {
  return {
    bans: async () => ({ bans: desk.bans() }),
    unban: async (args) => {
      const { source } = unbanRequest.parse(args);
      if (desk.lift(source) === 'not-banned') throw new NotBannedError();
      return {};
    },
  };
}
