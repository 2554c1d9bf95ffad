import type { PanelAnswer, PanelClient, PanelRequest } from './panel-client.ts';
import type { PanelProfile } from './panel-database.ts';

/** What organisers do most, by name. */
export const PANEL_READS = ['list', 'form', 'details', 'history'] as const;

/** One of them. `form`: the check while a booking is typed. */
export type PanelRead = (typeof PANEL_READS)[number];

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Looks something up for a profile. @throws when the answer is not 200. */
export async function read(
  client: PanelClient,
  what: PanelRead,
  profile: PanelProfile,
): Promise<PanelAnswer> {
  return expected(client, { token: profile.token, ...requestOf(what, profile) }, 200);
}

/** Books a conference with two guests, days away. @throws when the answer is not 201. */
export async function book(
  client: PanelClient,
  profile: PanelProfile,
  turn: number,
): Promise<PanelAnswer> {
  const body = { ...draft(turn), title: `Booking ${turn}`, note: 'As agreed.' };
  return expected(
    client,
    { method: 'POST', path: '/reservations', token: profile.token, body },
    201,
  );
}

function requestOf(what: PanelRead, profile: PanelProfile): Omit<PanelRequest, 'token'> {
  switch (what) {
    case 'list':
      return { method: 'GET', path: '/reservations' };
    case 'form':
      return { method: 'POST', path: '/reservations/check', body: { draft: draft(0) } };
    case 'details':
      return { method: 'GET', path: `/reservations/${profile.reservationId}` };
    case 'history':
      return { method: 'GET', path: '/history' };
  }
}

function draft(turn: number): Readonly<Record<string, unknown>> {
  const startAtMs = Math.floor(Date.now() / 60_000) * 60_000 + 3 * DAY_MS + (turn % 500) * 60_000;
  // Local time, as the form sends it.
  const local = (atMs: number): string => new Date(atMs).toISOString().slice(0, 16);
  return {
    start: local(startAtMs),
    end: local(startAtMs + HOUR_MS),
    zone: 'Europe/Warsaw',
    emails: [`guest.a${turn}@example.net`, `guest.b${turn}@example.net`],
  };
}

async function expected(
  client: PanelClient,
  request: PanelRequest,
  status: number,
): Promise<PanelAnswer> {
  const answer = await client.ask(request);
  if (answer.status === status) return answer;
  const asked = `${request.method} ${request.path}`;
  throw new Error(`${asked} was answered with ${answer.status}: ${answer.body.slice(0, 300)}`);
}
