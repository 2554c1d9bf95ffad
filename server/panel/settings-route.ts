import type { Config } from '../config/config.ts';
import { settingsSchema } from './api/session-api.ts';
import type { Settings } from './api/session-api.ts';
import { defineRoute } from './define-route.ts';
import type { AnyRoute } from './define-route.ts';
import type { PanelServices } from './panel-services.ts';

/** `GET /settings`: what a client must know before anybody logs in. Holds nothing secret. */
export function settingsRoute(services: PanelServices): AnyRoute {
  return defineRoute({
    method: 'GET',
    path: '/settings',
    access: 'public',
    tag: 'settings',
    summary: 'Rules, access numbers and prices',
    answers: { 200: settingsSchema },
    handle: () => ({ status: 200, json: settings(services) }),
  });
}

function settings(services: PanelServices): Settings {
  const config = services.config();
  return {
    product: 'Konfa',
    version: services.version,
    signUp: config.accounts.signUp,
    defaultLanguage: config.accounts.language,
    defaultZone: config.reservations.timeZone,
    passwordCharacters: config.accounts.passwordCharacters,
    accessNumbers: services
      .accessNumbers()
      .map(({ shown, dial, reach }) => ({ shown, dial, reach })),
    rules: rulesOf(config),
    sms: smsOf(config),
    webhooks: config.webhooks.enabled,
  };
}

function rulesOf(config: Config): Settings['rules'] {
  const { rooms, reservations, notices } = config;
  return {
    earliestStartMinutes: reservations.earliestStartMinutes,
    latestStartDays: reservations.latestStartDays,
    longestDays: reservations.longestDays,
    activePerProfile: reservations.activePerProfile,
    keptAfterEndMinutes: reservations.keptAfterEndMinutes,
    earlyEntryMinutes: rooms.earlyEntryMinutes,
    maxParticipants: rooms.maxParticipants,
    reminderMinutes: notices.reminderMinutes,
    shortNoticeMinutes: notices.shortNoticeMinutes,
    recipients: notices.recipients,
  };
}

function smsOf(config: Config): Settings['sms'] {
  const { provider, sender, currency, billing, prices } = config.notices.sms;
  return {
    offered: provider !== 'none',
    sender,
    currency,
    billing,
    prices: prices.map(({ prefix, perSegment }) => ({
      prefix,
      perSegmentMilli: Math.round(perSegment * 1000),
    })),
  };
}
