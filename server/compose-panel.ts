import type { RequestHandler, Express } from 'express';

import type { Switchboard } from './call/switchboard.ts';
import type { OperatorDesk } from './compose-operator-desk.ts';
import type { Organising, OrganisingPlatform } from './compose-organising.ts';
import type { Config } from './config/config.ts';
import { reservationRules } from './config/reservation-rules.ts';
import type { GuestEntrance } from './guest/seat.ts';
import { createGatekeeper } from './panel/account-gatekeeper.ts';
import { createAccountRoutes } from './panel/account-routes.ts';
import { createAdminAccountRoutes } from './panel/admin-account-routes.ts';
import type { AnyRoute } from './panel/define-route.ts';
import { withOpenApi } from './panel/openapi-route.ts';
import { createPanelApp } from './panel/panel-app.ts';
import type { LiveFigures, PanelServices } from './panel/panel-services.ts';
import { panelRoutes } from './panel/panel-routes.ts';
import { PANEL_PROBLEM_WORDS } from './panel/problem-words.ts';
import { ACCOUNT_PROBLEM_WORDS } from './panel/problem-words-account.ts';
import { WEBHOOK_PROBLEM_WORDS } from './panel/webhook-words.ts';
import { createSessionRoutes } from './panel/session-routes.ts';
import { webhookRoutes } from './panel/webhook-routes.ts';
import { accessNumberTexts } from './reservation-facts.ts';

/** What the panel asks and tells the switchboard. */
type PanelSwitchboard = Pick<Switchboard, 'peopleIn' | 'rooms' | 'people' | 'refreshRooms'>;

/** What the panel is put together from. */
export interface PanelParts {
  readonly config: Config;
  readonly organising: Organising;
  readonly switchboard: PanelSwitchboard;
  /** How trunks are, who is banned. */
  readonly desk: OperatorDesk;
  /** Where browsers get their seats. */
  readonly guests: GuestEntrance;
  /** Whether a moderator has locked the room of this id. */
  readonly lockOf: LiveFigures['lock'];
  readonly platform: Pick<
    OrganisingPlatform,
    'clock' | 'random' | 'log' | 'publicUrl' | 'onDisk' | 'ownTurn'
  >;
  /** Serves the built pages; null: the REST interface alone. */
  readonly pages: RequestHandler | null;
  /** Answers `GET /metrics`. Left out: nobody does. */
  readonly metrics?: RequestHandler;
  readonly version: string;
}

/** Puts the panel together: every route over the services that it needs. It does not listen. */
export function composePanel(parts: PanelParts): Express {
  const { config, organising, platform, pages } = parts;
  const { clock, random, log } = platform;
  return createPanelApp({
    routes: composeRoutes(parts),
    gatekeeper: createGatekeeper(organising.accounts),
    keptAnswers: organising.keptAnswers,
    ...(platform.onDisk === undefined ? {} : { onDisk: platform.onDisk }),
    ...(platform.ownTurn === undefined ? {} : { ownTurn: platform.ownTurn }),
    words: { ...PANEL_PROBLEM_WORDS, ...ACCOUNT_PROBLEM_WORDS, ...WEBHOOK_PROBLEM_WORDS },
    config,
    pages,
    ...(parts.metrics === undefined ? {} : { metrics: parts.metrics }),
    clock,
    random,
    log,
  });
}

/** Every route of the REST interface, with its document. */
export function composeRoutes(parts: PanelParts): readonly AnyRoute[] {
  return withOpenApi(routesOf(parts), parts.version);
}

function routesOf(parts: PanelParts): readonly AnyRoute[] {
  const { organising, platform } = parts;
  const { accounts, notices, ledger, reservations, webhooks } = organising;
  return [
    ...panelRoutes(servicesOf(parts)),
    ...createSessionRoutes(accounts),
    ...createAccountRoutes({
      accounts,
      funds: (profileId, nowMs) => notices.funds(profileId, nowMs),
      ledgerEntries: (profileId, limit) => ledger.list(profileId, limit),
    }),
    ...createAdminAccountRoutes({
      accounts,
      ledger,
      random: platform.random,
      funds: (profileId, nowMs) => notices.funds(profileId, nowMs),
      activeReservations: (profileId, nowMs) => reservations.list({ profileId }, nowMs).length,
    }),
    ...webhookRoutes(webhooks),
  ];
}

function servicesOf(parts: PanelParts): PanelServices {
  const { config, organising, guests, platform, version } = parts;
  const { reservations, notices, callLog, contacts, accounts, joinLinks } = organising;
  const { clock, publicUrl } = platform;
  return {
    reservations,
    notices,
    callLog,
    contacts,
    live: liveFigures(parts),
    bans: parts.desk,
    rules: reservationRules(config),
    config: () => config,
    accessNumbers: () => accessNumberTexts(config),
    organiserOf: (profileId) => accounts.byId(profileId),
    joinLinks,
    guests,
    publicUrl,
    pause: (durationMs) =>
      new Promise((resolve) => {
        clock.schedule(clock.monotonicMs() + durationMs, resolve);
      }),
    onChanged: () => {
      parts.switchboard.refreshRooms();
      organising.wake();
    },
    version,
    startedAtMs: clock.monotonicMs(),
    monotonicMs: () => clock.monotonicMs(),
  };
}

function liveFigures({ switchboard, desk, lockOf }: PanelParts): LiveFigures {
  return {
    people: (reservationId) => switchboard.peopleIn(reservationId),
    lock: lockOf,
    totals: () => ({ rooms: switchboard.rooms, people: switchboard.people }),
    trunks: () => desk.trunks(),
  };
}
