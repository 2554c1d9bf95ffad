import { z } from 'zod';

import type { ControlHandlers } from './control-handlers.ts';

const registration = z.discriminatedUnion('state', [
  /** The trunk has no `register` settings. */
  z.object({ state: z.literal('none') }),
  z.object({ state: z.literal('registered'), untilMs: z.number() }),
  /** The first answer is still awaited. */
  z.object({ state: z.literal('trying'), sinceMs: z.number() }),
  /** `reason`: a sentence of ours, or `403 Forbidden`; `retryAtMs` null: not tried again before a change. */
  z.object({ state: z.literal('failed'), reason: z.string(), retryAtMs: z.number().nullable() }),
]);

const hostStatus = z.object({
  /** Host, and port when there is one. */
  host: z.string(),
  /** `unknown`: it is not pinged, or has not answered yet. */
  state: z.enum(['up', 'down', 'unknown']),
  /** When that began, in milliseconds of the wall clock; null when nobody knows. */
  sinceMs: z.number().nullable(),
  /** Why it is down, or empty. */
  reason: z.string(),
});

/** A trunk as `konfa trunks` shows it. Instants are milliseconds of the wall clock. */
export const trunkStatusSchema = z.object({
  name: z.string(),
  transport: z.string(),
  calls: z.number(),
  maxCalls: z.number().nullable(),
  registration,
  hosts: z.array(hostStatus),
});

/** A trunk as `konfa trunks` shows it. */
export type TrunkStatus = z.infer<typeof trunkStatusSchema>;

/** What `konfa trunks` gets. */
export const trunksAnswerSchema = z.object({ trunks: z.array(trunkStatusSchema) });

/** The command `trunks`. `trunks`: how they are now. */
export function trunkCommands(trunks: () => readonly TrunkStatus[]): ControlHandlers {
  return { trunks: async () => ({ trunks: trunks() }) };
}
