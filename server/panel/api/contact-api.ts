import { z } from 'zod';

import { fieldProblemSchema } from './problem-api.ts';

/** Body of `POST /contacts` and `PUT /contacts/{contactId}`. At least one of e-mail and phone. */
export const contactBodySchema = z.strictObject({
  name: z.string().max(200),
  email: z.string().max(254).nullable(),
  phone: z.string().max(50).nullable(),
  groupIds: z.array(z.string().max(64)).max(100).default([]),
});

/** A contact. */
export const contactSchema = z.object({
  contactId: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  phone: z.string().nullable().describe('E.164.'),
  groupIds: z.array(z.string()),
});

/** `GET /contacts`: all of the profile's, by name, and its groups. At most 2,000 contacts. */
export const contactListSchema = z.object({
  contacts: z.array(contactSchema),
  groups: z.array(z.object({ groupId: z.string(), name: z.string() })),
});

/** Body of `POST /contact-groups` and `PUT /contact-groups/{groupId}`. */
export const groupBodySchema = z.strictObject({ name: z.string().min(1).max(100) });

/** What group routes answer. */
export const groupSchema = z.object({ groupId: z.string(), name: z.string() });

/**
 * `POST /contacts/import`: lines of "name; mail; phone" in any order of mail and phone. `try: true` keeps nothing
 * and tells what would come of it.
 */
export const importSchema = z.strictObject({
  text: z.string().max(200_000),
  groupId: z.string().max(64).nullable().default(null),
  try: z.boolean().default(false),
});

/** What the import answers. A contact with the same e-mail or phone is brought up to date, not doubled. */
export const importAnswerSchema = z.object({
  added: z.array(contactSchema),
  updated: z.array(contactSchema),
  /** Pointers `/lines/3`: the third line. */
  problems: z.array(fieldProblemSchema),
});

/** A contact. */
export type Contact = z.infer<typeof contactSchema>;
/** What `GET /contacts` answers. */
export type ContactList = z.infer<typeof contactListSchema>;
/** Body of `POST /contacts`. */
export type ContactBody = z.input<typeof contactBodySchema>;
/** What `POST /contacts/import` answers. */
export type ImportAnswer = z.infer<typeof importAnswerSchema>;
