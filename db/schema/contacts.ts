/** Contacts, groups, and answers kept for Idempotency-Key. */
export const CONTACTS_STEP = ``;
