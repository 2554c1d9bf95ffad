import { z } from 'zod';

/** What a client asks by `trace`. */
export const traceRequestSchema = z.strictObject({
  /** Call-ID or our name of the dialog, whole or a beginning. */
  call: z.string().min(1).max(256),
  numbers: z.enum(['masked', 'shown']),
});

/** What a client asks by `trace-list`. */
export const traceListRequestSchema = z.strictObject({
  shelf: z.enum(['calls', 'requests']),
  most: z.number().int().min(1).max(500),
  numbers: z.enum(['masked', 'shown']),
});

const message = z.object({
  /** Milliseconds of the wall clock. */
  atMs: z.number(),
  /** Seen from the server. */
  direction: z.enum(['in', 'out']),
  transport: z.string(),
  /** `host:port` of the other side. */
  remote: z.string(),
  /** `again`: the same message went the same way before. */
  kind: z.enum(['first', 'again']),
  /** The message without its secrets, decoded. */
  text: z.string(),
  cutBytes: z.number(),
});

const heading = z.object({
  callId: z.string(),
  dialogId: z.string().nullable(),
  startedAtMs: z.number(),
  from: z.string(),
  to: z.string(),
  /** Method of the first request. */
  method: z.string(),
  /** The final answer to it, or null. */
  status: z.number().nullable(),
  /** From the answer to BYE, or to the latest message of a call that goes on; null when it was not answered. */
  durationMs: z.number().nullable(),
  state: z.enum(['trying', 'answered', 'ended', 'refused', 'unanswered', 'done']),
  /** How many there were. */
  messageCount: z.number(),
});

/** A call in the list. */
export type TraceHeading = z.infer<typeof heading>;

/** A message of a trace. */
export type TraceMessage = z.infer<typeof message>;

/** What the server answers to `trace`. */
export const traceAnswerSchema = z.object({
  heading,
  messages: z.array(message),
  /** Messages that were not kept, and after how many of `messages` they belong. */
  leftOut: z.number(),
  leftOutAfter: z.number(),
});

/** A call with its messages. */
export type TraceAnswer = z.infer<typeof traceAnswerSchema>;

/** What the server answers to `trace-list`. */
export const traceListAnswerSchema = z.object({ calls: z.array(heading) });
