/** Webhooks and their deliveries. */
export const WEBHOOKS_STEP = ``;
