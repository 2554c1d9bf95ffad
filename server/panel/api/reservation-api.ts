import { z } from 'zod';

import { fieldProblemSchema, languageSchema, milliSchema, pageQuerySchema } from './problem-api.ts';

const moment = z
  .string()
  .max(40)
  .describe('ISO 8601. Without an offset it is read in `zone`; whole minutes.');
const smsMoment = z.enum(['at-booking', 'before-start']);

/** `POST /reservations`. */
export const bookingSchema = z.strictObject({
  start: moment,
  end: moment,
  zone: z.string().max(100).optional().describe("IANA zone; default: the account's."),
  title: z.string().max(1000).default(''),
  note: z.string().max(10_000).default(''),
  language: languageSchema.optional().describe("Of what participants get; default: the account's."),
  announcements: z.enum(['off', 'tone', 'name']).default('tone'),
  emails: z.array(z.string().max(1000)).max(2000).default([]),
  phones: z.array(z.string().max(100)).max(2000).default([]),
  sms: z.array(smsMoment).max(2).default([]),
});

/** `PATCH /reservations/{reservationId}`: what is left out stays. */
export const reservationChangeSchema = z.strictObject({
  start: moment.optional(),
  end: moment.optional(),
  zone: z.string().max(100).optional(),
  title: z.string().max(1000).optional(),
  note: z.string().max(10_000).optional(),
  language: languageSchema.optional(),
  announcements: z.enum(['off', 'tone', 'name']).optional(),
  emails: z.array(z.string().max(1000)).max(2000).optional(),
  phones: z.array(z.string().max(100)).max(2000).optional(),
  sms: z.array(smsMoment).max(2).optional(),
  smsAgain: z.boolean().optional().describe('Send an SMS about this change too.'),
});

/**
 * `POST /reservations/check`: what would come of it, nothing is kept. With `reservationId` it is a change of that one.
 */
export const checkRequestSchema = z.strictObject({
  reservationId: z.string().max(64).optional(),
  draft: reservationChangeSchema,
});

/** What `POST /reservations/check` answers. */
export const checkAnswerSchema = z.object({
  problems: z.array(fieldProblemSchema),
  now: z.string(),
  zone: z.string(),
  earliestStartAt: z.string(),
  latestStartAt: z.string(),
  /** Of the draft's start; null while it is not sound. */
  latestEndAt: z.string().nullable(),
  startAt: z.string().nullable(),
  endAt: z.string().nullable(),
  /** When e-mails would go out. */
  emailsAt: z.array(z.string()),
  sms: z.object({
    text: z.string().describe('As it would be sent, with crosses for what is not known yet.'),
    segments: z.number().int(),
    recipients: z.number().int(),
    costMilli: milliSchema.describe('Of all SMS of this draft together.'),
    availableMilli: milliSchema,
    currency: z.string(),
    /** Why the SMS before the start cannot be chosen; null when it can. */
    beforeStartUnavailable: z.enum(['start-too-near', 'not-offered']).nullable(),
  }),
});

/** A reservation as its organiser sees it. */
export const reservationSchema = z.object({
  reservationId: z.string(),
  state: z.enum(['planned', 'open', 'in-progress', 'finished', 'archived', 'deleted']),
  number: z.string(),
  pin: z.string(),
  adminPin: z.string().nullable(),
  startAt: z.string(),
  endAt: z.string(),
  zone: z.string(),
  title: z.string(),
  note: z.string(),
  language: languageSchema,
  announcements: z.enum(['off', 'tone', 'name']),
  emails: z.array(z.string()),
  phones: z.array(z.string()),
  sms: z.array(smsMoment),
  joinUrl: z
    .string()
    .describe('Link for participants; other links: `/reservations/{reservationId}/links`.'),
  version: z.number().int(),
  createdAt: z.string(),
  deletedAt: z.string().nullable(),
  /** When it leaves the list and frees its place. */
  freesAt: z.string(),
  /** People in the room now. */
  people: z.number().int(),
  /** What SMS for it have cost so far, refunds taken off. */
  costMilli: milliSchema,
});

/** `GET /reservations`: those that take a place, by start. */
export const reservationListSchema = z.object({
  reservations: z.array(reservationSchema),
  places: z.object({ used: z.number().int(), allowed: z.number().int() }),
});

/** `GET /reservations/{reservationId}/invitation`: ready text to paste, and what it is made of. */
export const invitationTextSchema = z.object({
  pl: z.object({ subject: z.string(), text: z.string() }),
  en: z.object({ subject: z.string(), text: z.string() }),
  /** `tel:` with the keys typed ahead (RFC 3966). */
  telUri: z.string(),
});

/** One of `GET /reservations/{reservationId}/notices`. */
export const noticeSchema = z.object({
  noticeId: z.string(),
  channel: z.enum(['email', 'sms']),
  kind: z.string(),
  recipient: z.string(),
  state: z.enum([
    'pending',
    'sending',
    'sent',
    'delivered',
    'failed',
    'unknown',
    'cancelled',
    'too-late',
  ]),
  dueAt: z.string(),
  stateAt: z.string(),
  attempts: z.number().int(),
  reason: z.string().nullable(),
  segments: z.number().int().nullable(),
  costMilli: milliSchema.nullable(),
  mayResend: z.boolean(),
});

/** `GET /reservations/{reservationId}/notices`. */
export const noticeListSchema = z.object({ notices: z.array(noticeSchema) });

/** One visit to a room. */
export const attendanceSchema = z.object({
  name: z.string().describe('Name, or the masked number.'),
  how: z.enum(['phone', 'browser']),
  role: z.enum(['participant', 'moderator']),
  joinedAt: z.string(),
  leftAt: z.string(),
});

/** `GET /reservations/{reservationId}/attendance`. */
export const attendanceListSchema = z.object({ visits: z.array(attendanceSchema) });

/** Query of `GET /history`. */
export const historyQuerySchema = pageQuerySchema;

/** `GET /history`: reservations that are over or deleted, the latest end first. */
export const historySchema = z.object({
  reservations: z.array(
    reservationSchema.extend({ visits: z.number().int(), visitMinutes: z.number().int() }),
  ),
  nextCursor: z.string().nullable(),
});

const roleSchema = z.enum(['participant', 'moderator']);

/** A link into the room of a reservation, as its organiser sees it. */
export const joinLinkSchema = z.object({
  linkId: z.string(),
  role: roleSchema,
  person: z.string().nullable().describe("Whom it was made for; null: the room's own."),
  url: z
    .string()
    .nullable()
    .describe('Null: it was revoked, or is of an older version that kept it no other way.'),
  createdAt: z.string(),
  revokedAt: z.string().nullable(),
});

/** `GET /reservations/{reservationId}/links`: in the order they were made in, revoked ones too. */
export const joinLinkListSchema = z.object({ links: z.array(joinLinkSchema) });

/** `POST /reservations/{reservationId}/links`: the link before it is revoked. */
export const newJoinLinkSchema = z.strictObject({
  role: roleSchema,
  person: z
    .string()
    .max(254)
    .optional()
    .describe("An invited e-mail address, for a new link of this person's; participants only."),
});

/** `GET /join/{token}`: what the holder of a link may know. No ADMIN PIN. */
export const joinPageSchema = z.object({
  title: z.string(),
  note: z.string(),
  organiser: z.string().nullable(),
  state: z.enum(['planned', 'open', 'in-progress', 'finished', 'archived', 'deleted']),
  startAt: z.string(),
  endAt: z.string(),
  zone: z.string(),
  language: languageSchema,
  number: z.string(),
  pin: z.string(),
  earlyEntryMinutes: z.number().int(),
  /** What the link is good for in a browser; `no`: this server takes guests by telephone alone. */
  browser: z.object({ allowed: z.enum(['yes', 'no']), role: roleSchema }),
  /** As it is now. */
  room: z.object({
    lock: z.enum(['open', 'locked']),
    seats: z.enum(['free', 'full']),
    people: z.number().int(),
  }),
  accessNumbers: z.array(
    z.object({
      shown: z.string(),
      dial: z.string(),
      reach: z.enum(['anybody', 'on-net']),
      telUri: z.string(),
    }),
  ),
});

/** Body of `POST /reservations`, as it is written. */
export type Booking = z.input<typeof bookingSchema>;
/** Body of `PATCH /reservations/{reservationId}`. */
export type ReservationChangeBody = z.infer<typeof reservationChangeSchema>;
/** Body of `POST /reservations/check`. */
export type CheckRequest = z.infer<typeof checkRequestSchema>;
/** What `POST /reservations/check` answers. */
export type CheckAnswer = z.infer<typeof checkAnswerSchema>;
/** A reservation as its organiser sees it. */
export type ReservationView = z.infer<typeof reservationSchema>;
/** What `GET /reservations` answers. */
export type ReservationList = z.infer<typeof reservationListSchema>;
/** What `GET /reservations/{reservationId}/invitation` answers. */
export type InvitationText = z.infer<typeof invitationTextSchema>;
/** One of `GET /reservations/{reservationId}/notices`. */
export type NoticeView = z.infer<typeof noticeSchema>;
/** One visit to a room. */
export type Attendance = z.infer<typeof attendanceSchema>;
/** What `GET /history` answers. */
export type History = z.infer<typeof historySchema>;
/** One of `GET /reservations/{reservationId}/links`. */
export type JoinLinkView = z.infer<typeof joinLinkSchema>;
/** What `GET /reservations/{reservationId}/links` answers. */
export type JoinLinkList = z.infer<typeof joinLinkListSchema>;
/** Body of `POST /reservations/{reservationId}/links`. */
export type NewJoinLink = z.infer<typeof newJoinLinkSchema>;
/** What `GET /join/{token}` answers. */
export type JoinPage = z.infer<typeof joinPageSchema>;
