import { z } from 'zod';

import { languageSchema, milliSchema } from './problem-api.ts';

/** `PATCH /account`. */
export const accountChangeSchema = z.strictObject({
  name: z.string().max(200).optional(),
  language: languageSchema.optional(),
  zone: z.string().max(100).optional(),
});

/** `POST /account/password`. Ends all other sessions. */
export const passwordChangeSchema = z.strictObject({
  password: z.string().max(1000).describe('The present one.'),
  newPassword: z.string().max(1000),
});

/** `POST /account/email`: a link goes to the new address; 202. */
export const emailChangeSchema = z.strictObject({
  password: z.string().max(1000),
  newEmail: z.string().max(254),
});

/** `DELETE /account`, with all its data. */
export const accountDeletionSchema = z.strictObject({ password: z.string().max(1000) });

/** One of `GET /account/sessions`. */
export const deviceSessionSchema = z.object({
  sessionId: z.string(),
  createdAt: z.string(),
  lastSeenAt: z.string(),
  userAgent: z.string(),
  address: z.string(),
  present: z.boolean().describe('Whether it is the one that asks.'),
});

/** Scopes of bearer tokens. */
export const scopeSchema = z.enum([
  'reservations:read',
  'reservations:write',
  'history:read',
  'contacts:read',
  'contacts:write',
  'account:read',
  'webhooks:write',
  'admin',
]);

/** One of `GET /account/tokens`. */
export const apiTokenSchema = z.object({
  tokenId: z.string(),
  name: z.string(),
  scopes: z.array(scopeSchema),
  createdAt: z.string(),
  lastUsedAt: z.string().nullable(),
  expiresAt: z.string().nullable(),
});

/** `POST /account/tokens`. */
export const tokenRequestSchema = z.strictObject({
  name: z.string().min(1).max(100),
  scopes: z.array(scopeSchema).min(1),
  expiresInDays: z.number().int().min(1).max(3650).nullable(),
});

/** What `POST /account/tokens` answers: the secret is shown this once. */
export const newTokenSchema = apiTokenSchema.extend({ secret: z.string() });

/** `GET /account/balance`. */
export const balanceSchema = z.object({
  billing: z.enum(['balance', 'monthly-limit']),
  currency: z.string(),
  availableMilli: milliSchema.describe('What SMS may still cost now.'),
  balanceMilli: milliSchema,
  monthlyLimitMilli: milliSchema.nullable(),
  spentThisMonthMilli: milliSchema,
  entries: z.array(
    z.object({
      at: z.string(),
      amountMilli: milliSchema,
      reason: z.enum(['top-up', 'sms', 'refund', 'adjustment']),
      note: z.string(),
    }),
  ),
});

/** One of `GET /account/sessions`. */
export type DeviceSession = z.infer<typeof deviceSessionSchema>;
/** One of `GET /account/tokens`. */
export type ApiTokenView = z.infer<typeof apiTokenSchema>;
/** What `POST /account/tokens` answers. */
export type NewToken = z.infer<typeof newTokenSchema>;
/** What `GET /account/balance` answers. */
export type Balance = z.infer<typeof balanceSchema>;
