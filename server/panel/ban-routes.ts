import { z } from 'zod';

import type { WallclockMs } from '../../mixer/protocol/units.ts';
import { banListSchema } from './api/admin-api.ts';
import type { BanView } from './api/admin-api.ts';
import { defineRoute } from './define-route.ts';
import type { AnyRoute } from './define-route.ts';
import { whoAsks } from './own-reservation.ts';
import { instantText, type PanelServices } from './panel-services.ts';
import { ProblemError } from './problem-error.ts';

/** The bans of the SIP guard, as `konfa bans` is told of them. */
export interface BanFigures {
  /** Those that stand, the latest first. */
  bans(): readonly {
    readonly source: string;
    readonly scope: BanView['scope'];
    readonly why: string;
    readonly sinceWallclockMs: WallclockMs;
    readonly untilWallclockMs: WallclockMs;
    readonly count: number;
  }[];
  /** `by` — who lifts it, for the log. */
  lift(source: string, by: string): 'lifted' | 'not-banned';
}

/** There may be thousands, which nobody reads. */
const MOST_SHOWN = 200;

/** An address, or the /64 of one. */
const banParams = z.object({ address: z.string().regex(/^[0-9a-f:.]{2,45}(?:\/64)?$/iu) });

/** Who is banned, and the end of a ban. */
export function banRoutes({ bans }: Pick<PanelServices, 'bans'>): readonly AnyRoute[] {
  return [listRoute(bans), liftRoute(bans)];
}

function listRoute(bans: BanFigures): AnyRoute {
  return defineRoute({
    method: 'GET',
    path: '/admin/bans',
    access: 'administrator',
    tag: 'administration',
    summary: 'Addresses that SIP drops for a while, the latest first',
    answers: { 200: banListSchema },
    handle: () => {
      const standing = bans.bans();
      const shown = standing
        .slice(0, MOST_SHOWN)
        .map(({ source, scope, why, count, sinceWallclockMs, untilWallclockMs }): BanView => ({
          ...{ source, scope, why, count },
          since: instantText(sinceWallclockMs),
          until: instantText(untilWallclockMs),
        }));
      return { status: 200, json: { bans: shown, total: standing.length } };
    },
  });
}

function liftRoute(bans: BanFigures): AnyRoute {
  return defineRoute({
    method: 'DELETE',
    path: '/admin/bans/{address}',
    access: 'administrator',
    tag: 'administration',
    summary: 'Lift the bans of an address, or of the /64 that it is in',
    params: banParams,
    answers: { 204: null },
    handle: ({ params, identity }) => {
      const { accountId } = whoAsks({ identity });
      if (bans.lift(params.address, `account ${accountId}`) === 'not-banned') {
        throw new ProblemError('not-banned', 404);
      }
      return { status: 204 };
    },
  });
}
