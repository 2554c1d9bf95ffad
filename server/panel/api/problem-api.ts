import { z } from 'zod';

/** One thing wrong with the input: a stable code, a JSON pointer to the field (RFC 6901), facts for the sentence. */
export const fieldProblemSchema = z.object({
  code: z.string().describe('Stable code such as start-too-soon.'),
  pointer: z.string().describe('JSON pointer to the field, such as /emails/2 or /start.'),
  facts: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
    .describe('What the rule compares, such as earliestStartAt.'),
  detail: z.string().describe('A sentence in the language of the request.'),
});

/** Body of every refusal, `application/problem+json`, RFC 9457. */
export const problemSchema = z.object({
  type: z.string().describe('Address of a page about this code.'),
  title: z.string().describe('A sentence in the language of the request.'),
  status: z.number().int(),
  code: z
    .string()
    .describe('Stable code such as bad-input, not-found, version-differs, too-many-tries.'),
  problems: z.array(fieldProblemSchema),
});

/** One thing wrong with the input. */
export type FieldProblem = z.infer<typeof fieldProblemSchema>;

/** Body of a refusal. */
export type Problem = z.infer<typeof problemSchema>;

/** Query of lists. */
export const pageQuerySchema = z.strictObject({
  cursor: z.string().max(200).optional().describe('`nextCursor` of the page before.'),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});

/** Languages. */
export const languageSchema = z.enum(['pl', 'en']);

/** Thousandths of the currency unit. */
export const milliSchema = z.number().int();
