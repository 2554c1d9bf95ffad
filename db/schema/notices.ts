/** The outbox and the ledger. */
export const NOTICES_STEP = ``;
