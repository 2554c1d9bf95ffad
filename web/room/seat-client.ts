import type {
  SeatAnswer,
  SeatByPinRequest,
  SeatRequest,
} from '../../server/panel/api/guest-api.ts';
import { api, requestContext } from '../api-client.ts';

/** What gets somebody a seat: a link, or number and PIN. */
export type Ticket =
  | { readonly by: 'link'; readonly token: string }
  | { readonly by: 'pin'; readonly number: string; readonly pin: string };

/** What is to be done when the room is full. */
export type WhenFull = NonNullable<SeatRequest['whenFull']>;

/**
 * Trades a link, or number and PIN, for a seat.
 * @throws {ApiProblem} with a code such as `seat-full` when refused. @throws {Offline} when the server is away.
 */
export async function askForSeat(ticket: Ticket, wish: SeatRequest): Promise<SeatAnswer> {
  if (ticket.by === 'link') {
    const path = `/join/${encodeURIComponent(ticket.token)}/seat`;
    return (await api.send<SeatAnswer>('POST', path, wish)).data;
  }
  const { number, pin } = ticket;
  const byPin: SeatByPinRequest = { ...wish, number, pin };
  return (await api.send<SeatAnswer>('POST', '/join/seat', byPin)).data;
}

/** Gives the seat up for good. It is sent even while the page is being closed; what comes of it nobody waits for. */
export function giveUpSeat(credential: string): void {
  const { csrfToken } = requestContext;
  fetch('/api/v1/join/seat', {
    method: 'DELETE',
    headers: {
      'Content-Type': 'application/json',
      ...(csrfToken === null ? {} : { 'X-CSRF-Token': csrfToken }),
    },
    body: JSON.stringify({ credential }),
    credentials: 'same-origin',
    keepalive: true,
  }).catch(() => undefined);
}
