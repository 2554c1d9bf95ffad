import { request as httpRequest } from 'node:http';
import * as assert from 'uvu/assert';
import { createContactStore } from '../../../db/contact-store.ts';
import { createJoinLinkStore } from '../../../db/join-link-store.ts';
import { createKeptAnswerStore } from '../../../db/kept-answer-store.ts';
import type { RequestHandler } from 'express';
import type { Connection } from '../../../db/open-database.ts';
import { createReservationStore } from '../../../db/reservation-store.ts';
import type { Account, Scope } from '../../../server/account/account.ts';
import { parseConfig } from '../../../server/config/config.ts';
import { createContacts } from '../../../server/contact/contacts.ts';
import { createJoinLinks } from '../../../server/guest/join-links.ts';
import type { Notice } from '../../../server/notice/notice.ts';
import type { Notices } from '../../../server/notice/notices.ts';
import type { AnyRoute } from '../../../server/panel/define-route.ts';
import type { Gatekeeper } from '../../../server/panel/gatekeeper.ts';
import { listenHttp } from '../../../server/panel/http-server.ts';
import { withOpenApi } from '../../../server/panel/openapi-route.ts';
import { createPanelApp } from '../../../server/panel/panel-app.ts';
import { panelRoutes } from '../../../server/panel/panel-routes.ts';
import type { PanelServices } from '../../../server/panel/panel-services.ts';
import type { BanFigures } from '../../../server/panel/ban-routes.ts';
import type { Reply } from '../../../server/panel/route.ts';
import type { TrunkFigures } from '../../../server/panel/trunk-view.ts';
import { PANEL_PROBLEM_WORDS } from '../../../server/panel/problem-words.ts';
import type { CallRecord } from '../../../server/reservation/call-record.ts';
import { createReservations } from '../../../server/reservation/reservations.ts';
import { withDatabase } from '../../db/temporary-database.ts';
import { SimClock } from '../../support/sim-clock.ts';
import { at, RULES, seededRandom } from '../reservation/sample-reservations.ts';
import { FakeEntrance } from '../../support/fake-entrance.ts';
import { heardLog } from '../../support/heard-log.ts';
import type { HeardLine } from '../../support/heard-log.ts';

/** An answer over HTTP. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
  /** The body as JSON. */
  readonly json: Record<string, unknown>;
}

/** What is sent. `as`: who asks, by session; `token`: the account and scopes of a bearer token. */
export interface Ask {
  readonly as?: string | null;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is. */
  readonly raw?: string | Buffer;
}

/** A panel over a real database, with people known by name and notices that only listen. */
export interface PanelWorld {
  readonly connection: Connection;
  readonly clock: SimClock;
  readonly log: readonly HeardLine[];
  /** Ids that live rooms and the sender were told of. */
  readonly changed: readonly string[];
  readonly services: PanelServices;
  readonly calls: CallRecord[];
  readonly notices: Notice[];
  /** How trunks are, as the panel is told. */
  readonly trunks: TrunkFigures[];
  /** Who is banned, and what was lifted by whom. */
  readonly bans: HeardBans;
  /** Where seats are asked for. */
  readonly guests: FakeEntrance;
  /** What was waited before answers, in milliseconds. */
  readonly pauses: readonly number[];
  readonly origin: string;
  readonly ask: (method: string, path: string, ask?: Ask) => Promise<Answer>;
}

/** Bans that a test makes up. */
export interface HeardBans {
  standing: ReturnType<BanFigures['bans']>;
  readonly lifted: string[];
}

/** What differs from the usual panel. */
export interface WorldOptions {
  readonly config?: object;
  readonly routes?: readonly AnyRoute[];
  readonly pages?: RequestHandler;
}

/** The moment at which every world begins. */
const NOW = '2026-03-01T10:00:00.000Z';

/** A booking that the rules allow at `NOW`. */
export const BOOKING = { start: '2026-03-02T11:00', end: '2026-03-02T12:00', title: 'Sales' };

/** Runs `work` with a panel that listens on a free port of this machine. */
export async function inPanel(
  work: (world: PanelWorld) => Promise<void>,
  options: WorldOptions = {},
): Promise<void> {
  await withDatabase(async (connection) => {
    const clock = new SimClock(at(NOW));
    const log: HeardLine[] = [];
    const changed: string[] = [];
    const calls: CallRecord[] = [];
    const notices: Notice[] = [];
    const trunks: TrunkFigures[] = [];
    const bans: HeardBans = { standing: [], lifted: [] };
    const guests = new FakeEntrance();
    const pauses: number[] = [];
    const parts = { clock, changed, calls, notices, trunks, bans, guests, pauses };
    const services = servicesOver(connection, parts);
    const config = parseConfig(options.config ?? {});
    const app = createPanelApp({
      routes: withOpenApi([...panelRoutes(services), ...(options.routes ?? [])], '1.2.3').map(
        withCheckedAnswers,
      ),
      gatekeeper: GATEKEEPER,
      keptAnswers: createKeptAnswerStore(connection),
      words: PANEL_PROBLEM_WORDS,
      config,
      pages: null,
      clock,
      random: seededRandom(7),
      log: heardLog(log),
      ...(options.pages === undefined ? {} : { pages: options.pages }),
    });
    const listen = { host: '127.0.0.1', port: 0, certFile: null, keyFile: null };
    const server = await listenHttp({ listen, handler: app, clock, log: heardLog(log) });
    const { origin } = server;
    const ask: PanelWorld['ask'] = (method, path, what) =>
      askServer(origin, { method, path, ...what });
    try {
      await work({ ...parts, connection, log, services, origin, ask });
    } finally {
      await server.close();
    }
  });
}

/** The same route, whose answers must be just what its schemas promise. */
function withCheckedAnswers(route: AnyRoute): AnyRoute {
  const check = (reply: Reply): Reply => {
    const schema = route.spec.answers[reply.status];
    assert.ok(schema !== undefined, `${route.spec.path} may not answer ${reply.status}`);
    if (schema === null) assert.is(reply.json, undefined);
    else assert.equal(schema.parse(reply.json), reply.json);
    return reply;
  };
  return {
    spec: route.spec,
    run(raw) {
      const reply = route.run(raw);
      return reply instanceof Promise ? reply.then(check) : check(reply);
    },
  };
}

/** An account of this name. */
function account(name: string): Account {
  return {
    accountId: name,
    email: `${name}@example.com`,
    name,
    role: name === 'root' ? 'administrator' : 'organiser',
    state: 'active',
    language: 'pl',
    zone: 'Europe/Warsaw',
    monthlyLimitMilli: null,
    createdAtMs: at('2026-01-01T00:00Z'),
    lastLoginAtMs: null,
  };
}

/** Sends a request; a session's changes carry its CSRF token unless the headers say otherwise. */
async function askServer(
  origin: string,
  ask: Ask & { readonly method: string; readonly path: string },
): Promise<Answer> {
  const body = ask.raw ?? (ask.body === undefined ? undefined : JSON.stringify(ask.body));
  const { as = 'anna', token } = ask;
  const session = as === null || token !== undefined ? {} : { cookie: `konfa=${as}` };
  const isChange = ask.method !== 'GET' && ask.method !== 'HEAD';
  const headers = {
    ...session,
    ...(isChange && as !== null && token === undefined ? { 'x-csrf-token': `csrf-of-${as}` } : {}),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
    ...ask.headers,
  };
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`${origin}${ask.path}`, { method: ask.method, headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        const isJson = /json/u.test(answer.headers['content-type'] ?? '');
        const json = isJson && text !== '' ? (JSON.parse(text) as Record<string, unknown>) : {};
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, json });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** A token is `anna/reservations:read,history:read`. */
const GATEKEEPER: Gatekeeper = {
  admit(credentials) {
    const bearer = /^Bearer (\w+)\/(\S*)$/u.exec(credentials.authorization ?? '');
    if (bearer !== null) {
      const [, name = '', scopes = ''] = bearer;
      const identity = { account: account(name), credentialId: `t-${name}`, via: 'token' } as const;
      return {
        result: 'known',
        identity,
        scopes: scopes.split(',') as readonly Scope[],
        csrfToken: null,
      };
    }
    if (credentials.authorization !== null) return { result: 'bad-token' };
    const name = credentials.cookie('konfa');
    if (name === null) return { result: 'anonymous' };
    const identity = { account: account(name), credentialId: `s-${name}`, via: 'session' } as const;
    return { result: 'known', identity, scopes: 'all', csrfToken: `csrf-of-${name}` };
  },
};

function servicesOver(
  connection: Connection,
  parts: {
    readonly clock: SimClock;
    readonly changed: string[];
    readonly calls: readonly CallRecord[];
    readonly notices: Notice[];
    readonly trunks: readonly TrunkFigures[];
    readonly bans: HeardBans;
    readonly guests: FakeEntrance;
    readonly pauses: number[];
  },
): PanelServices {
  const random = seededRandom(1);
  const joinLinks = createJoinLinks({
    store: createJoinLinkStore(connection),
    key: new Uint8Array(32).fill(7),
    random,
    clock: parts.clock,
    publicUrl: 'https://konfa.example',
  });
  const reservations = createReservations({
    store: createReservationStore(connection),
    rules: RULES,
    random,
    reservedNumbers: () => [],
    recorder: joinLinks.recorder,
  });
  return {
    reservations,
    notices: listeningNotices(parts.notices),
    callLog: { ofRoom: (roomId) => parts.calls.filter((call) => call.roomId === roomId) },
    contacts: createContacts({
      store: createContactStore(connection),
      random,
      defaultCountry: '48',
    }),
    live: {
      people: () => 0,
      lock: () => 'open',
      totals: () => ({ rooms: 1, people: 3 }),
      trunks: () => parts.trunks,
    },
    bans: {
      bans: () => parts.bans.standing,
      lift(source, by) {
        const isBanned = parts.bans.standing.some((ban) => ban.source === source);
        parts.bans.standing = parts.bans.standing.filter((ban) => ban.source !== source);
        if (isBanned) parts.bans.lifted.push(`${source} by ${by}`);
        return isBanned ? 'lifted' : 'not-banned';
      },
    },
    rules: RULES,
    config: () => parseConfig({}),
    accessNumbers: () => [{ shown: '22 350 09 08', dial: '+48223500908', reach: 'anybody' }],
    organiserOf: (profileId) => account(profileId),
    joinLinks,
    guests: parts.guests,
    publicUrl: 'https://konfa.example',
    pause: (durationMs) => {
      parts.pauses.push(durationMs);
      return Promise.resolve();
    },
    onChanged: (reservationId) => parts.changed.push(reservationId),
    version: '1.2.3',
    startedAtMs: parts.clock.monotonicMs(),
    monotonicMs: () => parts.clock.monotonicMs(),
  };
}

function listeningNotices(notices: Notice[]): Notices {
  return {
    recorder: { record: () => [] },
    quote: () => ({
      text: 'SMS',
      segments: 1,
      recipients: 0,
      costMilli: 0,
      availableMilli: 50_000,
      currency: 'PLN',
      beforeStartUnavailable: null,
      problems: [],
    }),
    emailsAtMs: (startAtMs, nowMs) => [nowMs, startAtMs - 3_600_000],
    funds: () => ({
      billing: 'balance',
      currency: 'PLN',
      availableMilli: 0,
      balanceMilli: 0,
      monthlyLimitMilli: null,
      spentThisMonthMilli: 0,
    }),
    ofReservation: (reservationId) => notices.filter((one) => one.reservationId === reservationId),
    mayResend: (notice) => (notice.state === 'failed' ? 'may' : 'may-not'),
    resend(reservationId, noticeId) {
      const notice = notices.find((one) => one.noticeId === noticeId);
      if (notice?.reservationId !== reservationId) return { outcome: 'refused', code: 'not-found' };
      return notice.state === 'failed'
        ? { outcome: 'queued', notice: { ...notice, state: 'pending' } }
        : { outcome: 'refused', code: 'not-resendable' };
    },
    costMilli: () => 0,
    sendAccountMail: () => undefined,
    reportGuessing: () => undefined,
    invitation: ({ number, pin }) => ({
      pl: { subject: 'Zaproszenie', text: `${number} ${pin}` },
      en: { subject: 'Invitation', text: `${number} ${pin}` },
      telUri: `tel:+48223500908,,1,,${number}%23,,${pin}%23`,
    }),
    calendar: ({ number }) => `BEGIN:VCALENDAR\r\nX-N:${number}\r\nEND:VCALENDAR\r\n`,
    health: () => ({
      email: { name: 'folder', state: 'good', detail: 'data/mail', sinceMs: at(NOW) },
      sms: { name: 'none', state: 'unused', detail: '', sinceMs: null },
      counts: {
        ...{ pending: 1, sending: 0, sent: 5, delivered: 0 },
        ...{ failed: notices.length, unknown: 0, cancelled: 0, 'too-late': 0 },
      },
      latestFailed: notices.filter(({ state }) => state === 'failed'),
    }),
    start: () => undefined,
    wake: () => undefined,
    stop: () => Promise.resolve(),
  };
}
