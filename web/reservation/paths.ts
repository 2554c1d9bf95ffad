/** Page with the list. */
export const LIST_PATH = '/conferences';

/** Page with the empty form. */
export const NEW_PATH = '/conferences/new';

/** Page with what is over. */
export const HISTORY_PATH = '/history';

/** Page of one reservation. */
export function detailsPath(reservationId: string): string {
  return `/conferences/${encodeURIComponent(reservationId)}`;
}

/** Page that follows a booking. */
export function confirmationPath(reservationId: string): string {
  return `${detailsPath(reservationId)}/booked`;
}

/** Page with the form of a reservation. */
export function editPath(reservationId: string): string {
  return `${detailsPath(reservationId)}/edit`;
}

/** Below `/api/v1`: what the server knows of one reservation. */
export function reservationResource(reservationId: string, part = ''): string {
  return `/reservations/${encodeURIComponent(reservationId)}${part}`;
}
