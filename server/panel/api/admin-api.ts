import { z } from 'zod';

import { languageSchema, milliSchema, pageQuerySchema } from './problem-api.ts';

/** Query of `GET /admin/accounts`. `text` is looked for in name and e-mail address. */
export const accountQuerySchema = pageQuerySchema.extend({ text: z.string().max(200).optional() });

/** An account as an administrator sees it. */
export const adminAccountSchema = z.object({
  accountId: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.enum(['organiser', 'administrator']),
  state: z.enum(['invited', 'unconfirmed', 'active', 'suspended']),
  language: languageSchema,
  createdAt: z.string(),
  lastLoginAt: z.string().nullable(),
  activeReservations: z.number().int(),
  balanceMilli: milliSchema,
  spentThisMonthMilli: milliSchema,
  monthlyLimitMilli: milliSchema.nullable().describe('Its own; null: as configured.'),
});

/** `GET /admin/accounts`. */
export const accountListSchema = z.object({
  accounts: z.array(adminAccountSchema),
  nextCursor: z.string().nullable(),
});

/** `POST /admin/accounts`: an invitation by e-mail. */
export const accountInvitationSchema = z.strictObject({
  email: z.string().max(254),
  role: z.enum(['organiser', 'administrator']),
  language: languageSchema,
});

/** `PATCH /admin/accounts/{accountId}`. The last administrator keeps role and state. */
export const adminAccountChangeSchema = z.strictObject({
  role: z.enum(['organiser', 'administrator']).optional(),
  state: z.enum(['active', 'suspended']).optional(),
  monthlyLimitMilli: milliSchema.min(0).max(1_000_000_000).nullable().optional(),
});

/** `POST /admin/accounts/{accountId}/ledger`: money paid in, or put right. */
export const ledgerBodySchema = z.strictObject({
  amountMilli: milliSchema.min(-1_000_000_000).max(1_000_000_000),
  reason: z.enum(['top-up', 'adjustment']),
  note: z.string().max(500),
});

/** `GET /admin/health`. */
export const healthSchema = z.object({
  trunks: z.array(
    z.object({
      name: z.string(),
      onNet: z.boolean(),
      calls: z.number().int(),
      maxCalls: z.number().int(),
    }),
  ),
  rooms: z.number().int(),
  people: z.number().int(),
  channels: z.array(
    z.object({
      channel: z.enum(['email', 'sms']),
      name: z.string(),
      state: z.enum(['good', 'failing', 'unused']),
      detail: z.string(),
      since: z.string().nullable(),
    }),
  ),
  notices: z.record(z.string(), z.number().int()).describe('How many are in each state.'),
  failedNotices: z
    .array(
      z.object({
        noticeId: z.string(),
        channel: z.enum(['email', 'sms']),
        kind: z.string(),
        recipient: z.string().describe('Masked.'),
        state: z.string(),
        reason: z.string().nullable(),
        stateAt: z.string(),
      }),
    )
    .describe('The latest that failed or are unknown.'),
  uptimeSeconds: z.number().int(),
  version: z.string(),
});

/** An account as an administrator sees it. */
export type AdminAccount = z.infer<typeof adminAccountSchema>;
/** What `GET /admin/accounts` answers. */
export type AccountList = z.infer<typeof accountListSchema>;
/** What `GET /admin/health` answers. */
export type Health = z.infer<typeof healthSchema>;
