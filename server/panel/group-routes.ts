import { z } from 'zod';

import { groupBodySchema, groupSchema } from './api/contact-api.ts';
import { API_ROOT } from './api-root.ts';
import { kept } from './contact-routes.ts';
import { defineRoute } from './define-route.ts';
import type { AnyRoute } from './define-route.ts';
import { whoAsks } from './own-reservation.ts';
import type { PanelServices } from './panel-services.ts';
import { ProblemError } from './problem-error.ts';

const TAG = 'contacts';

const groupParams = z.object({ groupId: z.string().max(64) });

/** Groups of contacts. */
export function groupRoutes(services: Pick<PanelServices, 'contacts'>): readonly AnyRoute[] {
  return [add(services), rename(services), remove(services)];
}

function add({ contacts }: Pick<PanelServices, 'contacts'>): AnyRoute {
  return defineRoute({
    method: 'POST',
    path: '/contact-groups',
    access: 'contacts:write',
    tag: TAG,
    summary: 'Add a group',
    body: groupBodySchema,
    idempotent: 'by-key',
    answers: { 201: groupSchema },
    handle: (request) => {
      const { accountId } = whoAsks(request);
      const { groupId, name } = kept(contacts.addGroup(accountId, request.body.name));
      const location = `${API_ROOT}/contact-groups/${groupId}`;
      return { status: 201, json: { groupId, name }, location };
    },
  });
}

function rename({ contacts }: Pick<PanelServices, 'contacts'>): AnyRoute {
  return defineRoute({
    method: 'PUT',
    path: '/contact-groups/{groupId}',
    access: 'contacts:write',
    tag: TAG,
    summary: 'Rename a group',
    params: groupParams,
    body: groupBodySchema,
    answers: { 200: groupSchema },
    handle: (request) => {
      const { accountId } = whoAsks(request);
      const wanted = contacts.renameGroup(accountId, request.params.groupId, request.body.name);
      const { groupId, name } = kept(wanted);
      return { status: 200, json: { groupId, name } };
    },
  });
}

function remove({ contacts }: Pick<PanelServices, 'contacts'>): AnyRoute {
  return defineRoute({
    method: 'DELETE',
    path: '/contact-groups/{groupId}',
    access: 'contacts:write',
    tag: TAG,
    summary: 'Remove a group; its contacts stay',
    params: groupParams,
    answers: { 204: null },
    handle: (request) => {
      const { accountId } = whoAsks(request);
      if (contacts.removeGroup(accountId, request.params.groupId) === 'not-found') {
        throw new ProblemError('not-found', 404);
      }
      return { status: 204 };
    },
  });
}
