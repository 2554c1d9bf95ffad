import { maskRecipient } from '../notice/mask-recipient.ts';
import type { Notice, ProviderHealth } from '../notice/notice.ts';
import { healthSchema } from './api/admin-api.ts';
import type { Health } from './api/admin-api.ts';
import { defineRoute } from './define-route.ts';
import type { AnyRoute } from './define-route.ts';
import { instantText, type PanelServices } from './panel-services.ts';
import { trunkView } from './trunk-view.ts';

/** `GET /admin/health`: trunks, rooms, e-mail and SMS at a glance. */
export function healthRoute(services: PanelServices): AnyRoute {
  return defineRoute({
    method: 'GET',
    path: '/admin/health',
    access: 'administrator',
    tag: 'administration',
    summary: 'How trunks, rooms, e-mail and SMS are',
    answers: { 200: healthSchema },
    handle: () => ({ status: 200, json: health(services) }),
  });
}

function health(services: PanelServices): Health {
  const { live, notices } = services;
  const { email, sms, counts, latestFailed } = notices.health();
  return {
    trunks: live.trunks().map(trunkView),
    ...live.totals(),
    channels: [channelView('email', email), channelView('sms', sms)],
    notices: { ...counts },
    failedNotices: latestFailed.map(failedView),
    uptimeSeconds: Math.floor((services.monotonicMs() - services.startedAtMs) / 1000),
    version: services.version,
  };
}

function channelView(
  channel: 'email' | 'sms',
  { name, state, detail, sinceMs }: ProviderHealth,
): Health['channels'][number] {
  const since = sinceMs === null ? null : instantText(sinceMs);
  return { channel, name, state, detail, since };
}

function failedView(notice: Notice): Health['failedNotices'][number] {
  const { noticeId, channel, kind, state, reason, stateAtMs } = notice;
  return {
    noticeId,
    channel,
    kind,
    recipient: maskRecipient(notice),
    state,
    reason,
    stateAt: instantText(stateAtMs),
  };
}
