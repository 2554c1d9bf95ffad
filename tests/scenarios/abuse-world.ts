import * as assert from 'uvu/assert';
import type { RouteDescription } from '../../server/panel/define-route.ts';
import type { PanelAnswer, PanelClient } from '../support/panel-client.ts';
import type { PanelRig } from '../support/panel-rig.ts';

/** Names of the parameters of paths, each with a value. */
export type PathValues = Readonly<Record<string, string>>;

/** Method and path, as tables name a route. */
export function nameOf({ method, path }: Pick<RouteDescription, 'method' | 'path'>): string {
  return `${method} ${path}`;
}

/** The path below `/api/v1` with its parameters filled in. */
export function filled(path: string, values: PathValues): string {
  return path.replace(/\{(\w+)\}/gu, (_, name: string) => {
    const value = values[name];
    assert.type(value, 'string', `no value for ${name}`);
    return value ?? '';
  });
}

/** An id as ours are, of nothing. */
export const NO_ID = '0123456789abcdef0123456789abcdef';

/** Values that name nothing. */
export const UNKNOWN: PathValues = {
  reservationId: NO_ID,
  noticeId: NO_ID,
  contactId: NO_ID,
  groupId: NO_ID,
  webhookId: NO_ID,
  deliveryId: NO_ID,
  sessionId: NO_ID,
  tokenId: NO_ID,
  accountId: NO_ID,
  token: NO_ID,
  linkId: NO_ID,
  address: '203.0.113.9',
};

/** A body that its route takes, for every route that reads one. */
export function soundBodies(rig: PanelRig): Readonly<Record<string, Record<string, unknown>>> {
  const zone = 'Europe/Warsaw';
  const person = { name: 'Eve', language: 'en', zone, password: 'nine green bottles' };
  const [start, end] = [rig.hourFromNow(30), rig.hourFromNow(31)];
  return {
    'POST /reservations': { start, end, zone: 'UTC', title: 'Mine' },
    'PATCH /reservations/{reservationId}': { title: 'Mine now' },
    'POST /reservations/{reservationId}/links': { role: 'participant' },
    'POST /reservations/check': { draft: { start, end, zone: 'UTC', title: 'Mine' } },
    'POST /join/{token}/seat': { name: 'Eve', language: 'en' },
    'POST /join/seat': { name: 'Eve', language: 'en', number: '10000', pin: '11111' },
    'DELETE /join/seat': { credential: NO_ID },
    'POST /contacts': { name: 'Jan', email: 'jan@example.org', phone: null, groupIds: [] },
    'PUT /contacts/{contactId}': { name: 'Mine', email: 'mine@example.org', phone: null },
    'POST /contacts/import': { text: 'Ola; ola@example.org' },
    'POST /contact-groups': { name: 'Team' },
    'PUT /contact-groups/{groupId}': { name: 'Mine' },
    'POST /session': { email: 'nobody@example.org', password: 'not the right one' },
    'POST /setup': { token: NO_ID, name: 'Eve', email: 'eve@example.org', password: 'abcabcabcq' },
    'POST /accounts': { ...person, email: 'new@example.org' },
    'POST /accounts/confirm': { token: NO_ID },
    'POST /accounts/accept': { ...person, token: NO_ID },
    'POST /password-resets': { email: 'nobody@example.org', language: 'en' },
    'POST /password-resets/complete': { token: NO_ID, password: 'nine green bottles' },
    'PATCH /account': { name: 'Eve' },
    'DELETE /account': { password: 'not the right one' },
    'POST /account/password': { password: 'not the right one', newPassword: 'nine green bottles' },
    'POST /account/email': { password: 'not the right one', newEmail: 'other@example.org' },
    'POST /account/tokens': { name: 'p', scopes: ['reservations:read'], expiresInDays: 1 },
    'POST /webhooks': { url: 'https://hook.example.org/a', events: ['reservation.booked'] },
    'PUT /webhooks/{webhookId}': {
      url: 'https://mine.example.org/a',
      events: ['reservation.booked'],
    },
    'POST /admin/accounts': { email: 'asked@example.org', role: 'organiser', language: 'en' },
    'PATCH /admin/accounts/{accountId}': { state: 'active' },
    'POST /admin/accounts/{accountId}/ledger': {
      amountMilli: 1,
      reason: 'top-up',
      note: 'paid',
    },
  };
}

/** The body for a route, or none. Fails for a route that this table does not know. */
export function soundBody(rig: PanelRig, spec: RouteDescription): Record<string, unknown> | null {
  if (spec.body === undefined) return null;
  const body = soundBodies(rig)[nameOf(spec)];
  assert.ok(body, `tests/scenarios/abuse-world.ts has no body for ${nameOf(spec)}`);
  return body;
}

/** Sends what a route takes to it. */
export function send(
  rig: PanelRig,
  client: PanelClient,
  about: {
    readonly spec: RouteDescription;
    readonly values?: PathValues;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
  },
): Promise<PanelAnswer> {
  const { spec, values = UNKNOWN, headers = {} } = about;
  const body = about.body ?? soundBody(rig, spec);
  const ifMatch = spec.ifMatch === 'required' ? { 'if-match': '"1"' } : {};
  return client.api(spec.method, filled(spec.path, values), {
    ...(body === null ? {} : { body }),
    headers: { ...ifMatch, ...headers },
  });
}

/** Everything that an organiser may have one of, and the ids of it. */
export async function belongings(
  rig: PanelRig,
  owner: PanelClient,
): Promise<PathValues & { readonly pin: string; readonly adminPin: string }> {
  const made = async (path: string, body: unknown): Promise<Record<string, unknown>> => {
    const answer = await owner.api('POST', path, { body });
    assert.ok(answer.status < 300, `${path}: ${answer.text}`);
    return answer.json;
  };
  const webhook = await made('/webhooks', {
    url: 'https://hook.example.org/of-anna',
    events: ['reservation.booked'],
  });
  const group = await made('/contact-groups', { name: 'Board' });
  const contact = await made('/contacts', {
    name: 'Zofia Guest',
    email: 'zofia.guest@example.org',
    phone: '+48600700800',
    groupIds: [group['groupId']],
  });
  const reservation = await made('/reservations', {
    start: rig.hourFromNow(5),
    end: rig.hourFromNow(6),
    zone: 'UTC',
    title: 'Secret plans',
    note: 'Nobody must know.',
    emails: ['zofia.guest@example.org'],
  });
  const token = await made('/account/tokens', {
    name: 'of Anna',
    scopes: ['reservations:read'],
    expiresInDays: null,
  });
  await rig.half.run(60_000);
  const first = async (path: string, list: string, id: string): Promise<string> => {
    const { json } = await owner.api('GET', path);
    const [entry] = json[list] as readonly Record<string, unknown>[];
    assert.type(entry?.[id], 'string', `${path} has none`);
    return String(entry?.[id]);
  };
  const reservationId = String(reservation['reservationId']);
  const webhookId = String(webhook['webhookId']);
  const session = await owner.api('GET', '/session');
  return {
    reservationId,
    webhookId,
    contactId: String(contact['contactId']),
    groupId: String(group['groupId']),
    tokenId: String(token['tokenId']),
    linkId: await first(`/reservations/${reservationId}/links`, 'links', 'linkId'),
    noticeId: await first(`/reservations/${reservationId}/notices`, 'notices', 'noticeId'),
    deliveryId: await first(`/webhooks/${webhookId}/deliveries`, 'deliveries', 'deliveryId'),
    sessionId: await first('/account/sessions', 'sessions', 'sessionId'),
    accountId: String((session.json['account'] as Record<string, unknown>)['accountId']),
    token: String(reservation['joinUrl']).split('/').at(-1) ?? '',
    pin: String(reservation['pin']),
    adminPin: String(reservation['adminPin']),
  };
}

/** All that an organiser can see of what is theirs, to tell whether somebody else changed it. */
export async function everythingOf(owner: PanelClient, ids: PathValues): Promise<string> {
  const paths = [
    ...['/reservations', '/history', '/contacts', '/webhooks', '/account', '/account/tokens'],
    `/reservations/${ids['reservationId'] ?? ''}/notices`,
    `/webhooks/${ids['webhookId'] ?? ''}/deliveries`,
    '/account/sessions',
    '/account/balance',
  ];
  const answers: string[] = [];
  for (const path of paths) answers.push((await owner.api('GET', path)).text);
  return answers.join('\n');
}

/** What a client can tell two answers apart by: all but what goes with the moment. */
export function visible({ status, headers, text }: PanelAnswer): unknown {
  const fixed = Object.entries(headers).filter(([name]) => !PASSING.has(name));
  return { status, headers: Object.fromEntries(fixed), text };
}

const PASSING = new Set(['date', 'connection', 'keep-alive']);
