import * as assert from 'uvu/assert';
import type { bookingSchema } from '../../server/panel/api/reservation-api.ts';
import { reservationSchema } from '../../server/panel/api/reservation-api.ts';
import { sessionSchema } from '../../server/panel/api/session-api.ts';
import type { z } from 'zod';
import { linkIn } from './letters.ts';
import type { Stage } from './stage.ts';
import type { Visitor, VisitorOptions } from './visitor.ts';

/** The password of every account of these tests. */
export const PASSWORD = 'a tree by the river';

/** Somebody with an account. */
export interface Organiser extends Visitor {
  readonly email: string;
  readonly name: string;
}

/** Who signs up, and in what browser. */
export interface OrganiserOptions extends VisitorOptions {
  readonly name?: string;
}

type Booking = z.input<typeof bookingSchema>;
/** A reservation as the REST interface shows it. */
export type Reserved = z.infer<typeof reservationSchema>;

/** A new account, made without clicks, in a browser where it is logged in. */
export async function organiser(
  stage: Stage,
  email: string,
  { name = 'Anna Nowak', ...options }: OrganiserOptions = {},
): Promise<Organiser> {
  const visitor = await stage.visitor(options);
  const { language = 'pl' } = options;
  const data = { name, email, password: PASSWORD, language, zone: 'Europe/Warsaw' };
  await rest(visitor, { method: 'POST', path: '/accounts', data });
  const mail = await stage.letter({ to: email, subject: /./u });
  const token = linkIn(mail, '/confirm/').replace('/confirm/', '');
  await rest(visitor, { method: 'POST', path: '/accounts/confirm', data: { token } });
  return { ...visitor, email, name };
}

/** The first administrator, by the link that the program printed, in a browser where it is logged in. */
export async function administrator(
  stage: Stage,
  email: string,
  { name = 'Ewa Lis', ...options }: OrganiserOptions = {},
): Promise<Organiser> {
  const visitor = await stage.visitor(options);
  const token = setupPath(stage).replace('/setup/', '');
  const data = { token, name, email, password: PASSWORD };
  await rest(visitor, { method: 'POST', path: '/setup', data });
  return { ...visitor, email, name };
}

/** Path of the link by which the first administrator signs up. @throws when none was printed. */
export function setupPath(stage: Stage): string {
  const path = /\/setup\/[^\s"]+/u.exec(stage.konfa.output())?.[0];
  if (path === undefined) throw new Error(`no link was printed:\n${stage.konfa.output()}`);
  return path;
}

/** Books without clicks. `inMinutes`: the start from now. */
export async function reserve(
  visitor: Visitor,
  inMinutes: number,
  booking: Omit<Booking, 'start' | 'end'> & { readonly minutes?: number } = {},
): Promise<Reserved> {
  const { minutes = 60, ...more } = booking;
  const startAtMs = Math.ceil(Date.now() / 60_000 + inMinutes) * 60_000;
  const times = {
    start: new Date(startAtMs).toISOString(),
    end: new Date(startAtMs + minutes * 60_000).toISOString(),
  };
  const data = { ...times, ...more };
  return reservationSchema.parse(
    await rest(visitor, { method: 'POST', path: '/reservations', data }),
  );
}

/** One request to the REST interface with the browser's cookies. @throws when it is refused. */
export async function rest(
  { context, page }: Visitor,
  request: { readonly method: string; readonly path: string; readonly data?: unknown },
): Promise<unknown> {
  const { method, path, data } = request;
  const session = sessionSchema.parse(await (await context.request.get('/api/v1/session')).json());
  const answer = await context.request.fetch(`/api/v1${path}`, {
    method,
    headers: session.csrfToken === null ? {} : { 'X-CSRF-Token': session.csrfToken },
    ...(data === undefined ? {} : { data }),
  });
  const text = await answer.text();
  assert.ok(answer.ok(), `${method} ${path} (${page.url()}): ${answer.status()} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
