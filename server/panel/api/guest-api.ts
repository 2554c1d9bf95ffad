import { z } from 'zod';

const nameSchema = z.string().trim().min(1).max(60);
const languageSchema = z.enum(['pl', 'en']);
const whenFullSchema = z
  .enum(['refuse', 'remove-last'])
  .default('refuse')
  .describe(
    'What to do when the room is full. Moderators may have the last one who joined removed; others are refused with ' +
      'seat-moderator-only.',
  );

/** Body of `POST /join/{token}/seat`. */
export const seatRequestSchema = z.strictObject({
  name: nameSchema,
  language: languageSchema,
  whenFull: whenFullSchema,
});

/** Body of `POST /join/seat`: without a link, by number and PIN (or ADMIN PIN). */
export const seatByPinSchema = z.strictObject({
  name: nameSchema,
  language: languageSchema,
  number: z.string().regex(/^[0-9]{1,12}$/u),
  pin: z.string().regex(/^[0-9]{0,12}$/u),
  whenFull: whenFullSchema,
});

/**
 * What a browser needs to take its seat: `credential` goes into `Authorization: Bearer …` of the INVITE (RFC 8898) and
 * into the first message of the live feed. Paths are of the panel's own origin, to be spoken over `ws:` or `wss:`.
 */
export const seatAnswerSchema = z.object({
  seatId: z.string(),
  credential: z.string(),
  role: z.enum(['participant', 'moderator']),
  sipPath: z.literal('/sip'),
  livePath: z.literal('/live'),
  /** How long the seat is kept when the network is gone. */
  graceSeconds: z.number(),
  /** Request-URI to INVITE. */
  sipUri: z.string(),
  iceServers: z.array(
    z.object({
      urls: z.array(z.string()),
      username: z.string().optional(),
      credential: z.string().optional(),
    }),
  ),
  room: z.object({
    title: z.string(),
    number: z.string(),
    endAt: z.string().nullable(),
    zone: z.string(),
  }),
});

/** Body of `DELETE /join/seat` (leaving for good) and of nothing else. */
export const seatGiveUpSchema = z.strictObject({ credential: z.string().max(128) });

/** Body of `POST /join/{token}/seat`, as it is written. */
export type SeatRequest = z.input<typeof seatRequestSchema>;
/** Body of `POST /join/seat`, as it is written. */
export type SeatByPinRequest = z.input<typeof seatByPinSchema>;
/** What both answer, 201. Refusals are problems with the code of `SeatRefusal`: `seat-locked`, `seat-too-early` … `seat-full-moderator`: ask again with `whenFull`. */
export type SeatAnswer = z.infer<typeof seatAnswerSchema>;
