import { z } from 'zod';

import { CodedError } from '../../mixer/protocol/coded-error.ts';
import type { ControlHandlers } from './control-handlers.ts';

/** An address that is banned, as `konfa bans` shows it. Instants are milliseconds of the wall clock. */
export const banStatusSchema = z.object({
  /** Address, or network that is banned as a whole. */
  address: z.string(),
  untilMs: z.number(),
  /** What it did, as `Offence` names it, or empty. */
  offence: z.string(),
  /** How many times it was banned, this time included. */
  times: z.number(),
});

/** A banned address. */
export type BanStatus = z.infer<typeof banStatusSchema>;

/** What `konfa bans` gets. */
export const bansAnswerSchema = z.object({ bans: z.array(banStatusSchema) });

/** What `konfa bans --lift` sends. */
const unbanRequest = z.strictObject({ address: z.string().min(1).max(64) });

/** Where bans are listed and lifted. */
export interface BanBook {
  bans(): readonly BanStatus[];
  /** `absent`: that address is not banned. */
  lift(address: string): 'lifted' | 'absent';
}

class NotBannedError extends CodedError {
  constructor(address: string) {
    super('NOT_BANNED', 'that address is not banned', { address });
  }
}

/** The commands `bans` and `unban`. */
export function banCommands(book: BanBook): ControlHandlers {
  return {
    bans: async () => ({ bans: book.bans() }),
    unban: async (args) => {
      const { address } = unbanRequest.parse(args);
      if (book.lift(address) === 'absent') throw new NotBannedError(address);
      return {};
    },
  };
}
