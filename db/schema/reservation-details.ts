/** Phones, SMS, note, language, link and version of reservations; attendance in the call log. */
export const RESERVATION_DETAILS_STEP = ``;
