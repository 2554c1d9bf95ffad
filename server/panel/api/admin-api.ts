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

/** What is wrong with a registration or a host of a trunk. */
const trunkTroubleSchema = z.object({
  code: z.string().describe('Stable: `wrong-credentials`, `status`, `no-answer`, `no-address` …'),
  status: z.number().int().nullable().describe('The SIP status, where there was an answer.'),
  detail: z.string().describe('In English.'),
});

/** How the registration of a trunk stands. */
const trunkRegistrationSchema = z.object({
  state: z.enum(['registered', 'registering', 'failing', 'refused', 'stopped']),
  server: z.string(),
  since: z.string(),
  registeredUntil: z.string().nullable(),
  nextTryAt: z
    .string()
    .nullable()
    .describe('When it is refreshed or tried again; null while an answer is awaited.'),
  seenAs: z
    .string()
    .nullable()
    .describe('Our address as the registrar sees it, when it is another than we told: a NAT.'),
  trouble: trunkTroubleSchema.nullable(),
});

/** One address of a trunk's hosts. */
const trunkHostSchema = z.object({
  host: z.string().describe('As it is configured.'),
  address: z.string().nullable().describe('What it was resolved to.'),
  state: z
    .enum(['up', 'down', 'unknown'])
    .describe('`unknown`: it is not pinged, or has not answered yet.'),
  use: z.enum(['preferred', 'spare']).describe('Where the next call goes first.'),
  since: z.string().nullable(),
  roundTripMs: z.number().nullable(),
  trouble: trunkTroubleSchema.nullable(),
});

/** A trunk and how it stands. */
const trunkStandingSchema = z.object({
  name: z.string(),
  onNet: z.boolean(),
  transport: z.string(),
  calls: z.number().int(),
  maxCalls: z.number().int().nullable().describe('null: as many as the server takes.'),
  registration: trunkRegistrationSchema.nullable().describe('null: it does not register.'),
  hosts: z.array(trunkHostSchema).describe('None: it only calls us.'),
});

/** `GET /admin/health`. */
export const healthSchema = z.object({
  trunks: z.array(trunkStandingSchema),
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

/** A ban of the SIP guard. */
const banSchema = z.object({
  source: z.string().describe('The address, or the /64 of IPv6 that is banned as a whole.'),
  scope: z
    .enum(['datagrams', 'everything'])
    .describe('`datagrams`: only what comes by UDP is dropped.'),
  why: z.string().describe('Stable: `unknown-source`, `malformed`, `no-such-number`, `flood` …'),
  since: z.string(),
  until: z.string(),
  count: z.number().int().describe('How many times it was banned, this time included.'),
});

/** `GET /admin/bans`. */
export const banListSchema = z.object({
  bans: z.array(banSchema).describe('The latest first; at most 200.'),
  total: z.number().int().describe('How many stand.'),
});

/** An account as an administrator sees it. */
export type AdminAccount = z.infer<typeof adminAccountSchema>;
/** What `GET /admin/accounts` answers. */
export type AccountList = z.infer<typeof accountListSchema>;
/** What `GET /admin/health` answers. */
export type Health = z.infer<typeof healthSchema>;
/** A trunk as `GET /admin/health` shows it. */
export type TrunkStanding = z.infer<typeof trunkStandingSchema>;
/** What is wrong with a registration or a host. */
export type TrunkTrouble = z.infer<typeof trunkTroubleSchema>;
/** What `GET /admin/bans` answers. */
export type BanList = z.infer<typeof banListSchema>;
/** One of them. */
export type BanView = z.infer<typeof banSchema>;
