/** Accounts, sessions, tokens and e-mailed links. */
export const ACCOUNTS_STEP = ``;
