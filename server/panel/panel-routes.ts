import { attendanceRoutes } from './attendance-routes.ts';
import { banRoutes } from './ban-routes.ts';
import { checkRoute } from './check-route.ts';
import { contactRoutes } from './contact-routes.ts';
import type { AnyRoute } from './define-route.ts';
import { groupRoutes } from './group-routes.ts';
import { healthRoute } from './health-route.ts';
import { historyRoute } from './history-route.ts';
import { joinRoutes } from './join-routes.ts';
import { linkRoutes } from './link-routes.ts';
import { noticeRoutes } from './notice-routes.ts';
import type { PanelServices } from './panel-services.ts';
import { reservationRoutes } from './reservation-routes.ts';
import { settingsRoute } from './settings-route.ts';

/** Routes of reservations, their notices and attendance, contacts, the join page, settings, the server's health and bans. */
export function panelRoutes(services: PanelServices): readonly AnyRoute[] {
  return [
    settingsRoute(services),
    ...reservationRoutes(services),
    checkRoute(services),
    ...linkRoutes(services),
    ...noticeRoutes(services),
    ...attendanceRoutes(services),
    historyRoute(services),
    ...joinRoutes(services),
    ...contactRoutes(services),
    ...groupRoutes(services),
    healthRoute(services),
    ...banRoutes(services),
  ];
}
