import { z } from 'zod';

import { languageSchema, milliSchema } from './problem-api.ts';

/** `GET /settings`: what a client must know before anybody logs in. */
export const settingsSchema = z.object({
  product: z.string(),
  version: z.string(),
  signUp: z.enum(['open', 'invited', 'closed']),
  defaultLanguage: languageSchema,
  defaultZone: z.string(),
  passwordCharacters: z.number().int(),
  accessNumbers: z.array(
    z.object({ shown: z.string(), dial: z.string(), reach: z.enum(['anybody', 'on-net']) }),
  ),
  rules: z.object({
    earliestStartMinutes: z.number(),
    latestStartDays: z.number(),
    longestDays: z.number(),
    activePerProfile: z.number(),
    keptAfterEndMinutes: z.number(),
    earlyEntryMinutes: z.number(),
    maxParticipants: z.number(),
    reminderMinutes: z.number(),
    shortNoticeMinutes: z.number(),
    recipients: z.number(),
  }),
  sms: z.object({
    offered: z.boolean(),
    sender: z.string(),
    currency: z.string(),
    billing: z.enum(['balance', 'monthly-limit']),
    prices: z.array(z.object({ prefix: z.string(), perSegmentMilli: milliSchema })),
  }),
  webhooks: z.boolean(),
});

/** `POST /session`. */
export const loginSchema = z.strictObject({
  email: z.string().max(254),
  password: z.string().max(1000),
});

/** The account of whoever is logged in. */
export const accountSchema = z.object({
  accountId: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.enum(['organiser', 'administrator']),
  language: languageSchema,
  zone: z.string(),
  createdAt: z.string(),
});

/** `GET /session`: who is logged in, and the token that every changing request of this session carries as `X-CSRF-Token`. */
export const sessionSchema = z.object({
  account: accountSchema.nullable(),
  csrfToken: z.string().nullable(),
  /** Server's clock, so that a client knows how far its own is off. */
  now: z.string(),
});

/** `POST /setup`: the first administrator, by the one-time link. */
export const setupSchema = z.strictObject({
  token: z.string().max(200),
  name: z.string().max(200),
  email: z.string().max(254),
  password: z.string().max(1000),
});

/** `POST /accounts`: sign-up. Always answered 202, whether the address is known or not. */
export const signUpSchema = z.strictObject({
  name: z.string().max(200),
  email: z.string().max(254),
  password: z.string().max(1000),
  language: languageSchema,
  zone: z.string().max(100),
});

/** `POST /accounts/confirm`, with the token of the link in the e-mail. Logs in. */
export const confirmSchema = z.strictObject({ token: z.string().max(200) });

/** `POST /accounts/accept`: who was invited sets name and password. Logs in. */
export const acceptInvitationSchema = z.strictObject({
  token: z.string().max(200),
  name: z.string().max(200),
  password: z.string().max(1000),
  language: languageSchema,
  zone: z.string().max(100),
});

/** `POST /password-resets`: always answered 202. */
export const resetRequestSchema = z.strictObject({
  email: z.string().max(254),
  language: languageSchema,
});

/** `POST /password-resets/complete`. Ends all sessions and logs in. */
export const resetCompleteSchema = z.strictObject({
  token: z.string().max(200),
  password: z.string().max(1000),
});

/** What `GET /settings` answers. */
export type Settings = z.infer<typeof settingsSchema>;
/** The account of whoever is logged in. */
export type AccountView = z.infer<typeof accountSchema>;
/** What `GET /session` answers. */
export type SessionView = z.infer<typeof sessionSchema>;
/** Body of `POST /session`. */
export type Login = z.infer<typeof loginSchema>;
/** Body of `POST /accounts`. */
export type SignUp = z.infer<typeof signUpSchema>;
