import { z } from 'zod';

import type { ControlHandlers } from './control-handlers.ts';

/** How a registration stands. Instants are milliseconds of the wall clock. */
const registration = z.object({
  state: z.enum(['registered', 'registering', 'failing', 'refused', 'stopped']),
  server: z.string(),
  sinceWallclockMs: z.number(),
  registeredUntilWallclockMs: z.number().nullable(),
  nextTryWallclockMs: z.number().nullable(),
  /** The latest final status, and what went wrong in words; null when nothing did. */
  lastStatus: z.number().nullable(),
  lastError: z.string().nullable(),
  /** The same in a word, such as `wrong-credentials`. */
  lastTrouble: z.string().nullable(),
  /** Our address as the registrar sees it, when it is another than we told. */
  seenAs: z.string().nullable(),
});

const hostStatus = z.object({
  /** As configured. */
  host: z.string(),
  /** What it was resolved to, or null. */
  address: z.string().nullable(),
  /** `unknown`: it is not pinged, or has not answered yet. */
  state: z.enum(['up', 'down', 'unknown']),
  use: z.enum(['preferred', 'spare']),
  sinceWallclockMs: z.number(),
  lastStatus: z.number().nullable(),
  roundTripMs: z.number().nullable(),
  lastError: z.string().nullable(),
  /** The same in a word, such as `wrong-credentials`. */
  lastTrouble: z.string().nullable(),
});

const trunkStatus = z.object({
  name: z.string(),
  transport: z.string(),
  /** Whether its callers are our own network's. */
  onNet: z.boolean(),
  calls: z.number(),
  /** null: as many as the server takes. */
  maxCalls: z.number().nullable(),
  /** null: this trunk does not register. */
  registration: registration.nullable(),
  hosts: z.array(hostStatus).readonly(),
});

/** A trunk as `konfa trunks` and the panel show it: its snapshot, and its calls. */
export type TrunkStatus = z.infer<typeof trunkStatus>;

/** What `konfa trunks` gets. */
export const trunksAnswerSchema = z.object({ trunks: z.array(trunkStatus) });

/** The command `trunks`. `trunks`: how they are now. */
export function trunkCommands(trunks: () => readonly TrunkStatus[]): ControlHandlers {
  return { trunks: async () => ({ trunks: trunks() }) };
}
