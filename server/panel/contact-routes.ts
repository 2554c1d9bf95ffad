import { z } from 'zod';

import type { Contact, ContactProblem } from '../contact/contact.ts';
import type { ContactOutcome, ImportReport } from '../contact/contacts.ts';
import type { Language } from '../reservation/reservation.ts';
import {
  contactBodySchema,
  contactListSchema,
  contactSchema,
  importAnswerSchema,
  importSchema,
} from './api/contact-api.ts';
import type { Contact as ContactView, ImportAnswer } from './api/contact-api.ts';
import type { FieldProblem } from './api/problem-api.ts';
import { API_ROOT } from './api-root.ts';
import { defineRoute } from './define-route.ts';
import type { AnyRoute } from './define-route.ts';
import { whoAsks } from './own-reservation.ts';
import type { PanelServices } from './panel-services.ts';
import { sentence } from './problem-answer.ts';
import { ProblemError } from './problem-error.ts';
import { PANEL_PROBLEM_WORDS } from './problem-words.ts';

const TAG = 'contacts';

const contactParams = z.object({ contactId: z.string().max(64) });

/** 200,000 characters, each up to six bytes as JSON escapes it. */
const IMPORT_BYTES = 1_300_000;

/** An organiser's contacts. */
export function contactRoutes(services: Pick<PanelServices, 'contacts'>): readonly AnyRoute[] {
  return [list(services), add(services), replace(services), remove(services), take(services)];
}

type Services = Pick<PanelServices, 'contacts'>;

function list({ contacts }: Services): AnyRoute {
  return defineRoute({
    method: 'GET',
    path: '/contacts',
    access: 'contacts:read',
    tag: TAG,
    summary: 'All contacts and groups, by name',
    answers: { 200: contactListSchema },
    handle: (request) => {
      const found = contacts.list(whoAsks(request).accountId);
      const groups = found.groups.map(({ groupId, name }) => ({ groupId, name }));
      return { status: 200, json: { contacts: found.contacts.map(contactView), groups } };
    },
  });
}

function add({ contacts }: Services): AnyRoute {
  return defineRoute({
    method: 'POST',
    path: '/contacts',
    access: 'contacts:write',
    tag: TAG,
    summary: 'Add a contact',
    body: contactBodySchema,
    idempotent: 'by-key',
    answers: { 201: contactSchema },
    handle: (request) => {
      const contact = kept(contacts.add(whoAsks(request).accountId, request.body));
      const location = `${API_ROOT}/contacts/${contact.contactId}`;
      return { status: 201, json: contactView(contact), location };
    },
  });
}

function replace({ contacts }: Services): AnyRoute {
  return defineRoute({
    method: 'PUT',
    path: '/contacts/{contactId}',
    access: 'contacts:write',
    tag: TAG,
    summary: 'Replace a contact',
    params: contactParams,
    body: contactBodySchema,
    answers: { 200: contactSchema },
    handle: (request) => {
      const { accountId } = whoAsks(request);
      const contact = kept(contacts.replace(accountId, request.params.contactId, request.body));
      return { status: 200, json: contactView(contact) };
    },
  });
}

function remove({ contacts }: Services): AnyRoute {
  return defineRoute({
    method: 'DELETE',
    path: '/contacts/{contactId}',
    access: 'contacts:write',
    tag: TAG,
    summary: 'Remove a contact',
    params: contactParams,
    answers: { 204: null },
    handle: (request) => {
      const { accountId } = whoAsks(request);
      if (contacts.remove(accountId, request.params.contactId) === 'not-found') {
        throw new ProblemError('not-found', 404);
      }
      return { status: 204 };
    },
  });
}

function take({ contacts }: Services): AnyRoute {
  return defineRoute({
    method: 'POST',
    path: '/contacts/import',
    access: 'contacts:write',
    tag: TAG,
    summary: 'Take over lines of "name; mail; phone", or try what would come of it',
    body: importSchema,
    bodyBytes: IMPORT_BYTES,
    answers: { 200: importAnswerSchema },
    handle: (request) => {
      const { text, groupId, try: isTry } = request.body;
      const mode = isTry ? 'try' : 'keep';
      const { accountId } = whoAsks(request);
      const report = kept(contacts.import(accountId, { text, groupId, mode }));
      return { status: 200, json: importAnswer(report, request.language) };
    },
  });
}

/** What was kept. @throws ProblemError when nothing was. */
export function kept<Value>(outcome: ContactOutcome<Value>): Value {
  if (outcome.outcome === 'kept') return outcome.value;
  if (outcome.outcome === 'not-found') throw new ProblemError('not-found', 404);
  throw new ProblemError('bad-input', 422, { problems: outcome.problems.map(fieldProblem) });
}

/** Problems do not refuse an import, so they are put into words here. */
function importAnswer(report: ImportReport, language: Language): ImportAnswer {
  const tongue = { language, words: PANEL_PROBLEM_WORDS };
  return {
    added: report.added.map(contactView),
    updated: report.updated.map(contactView),
    problems: report.problems.map(fieldProblem).map((problem) => ({
      ...problem,
      detail: sentence(problem.code, problem.facts, tongue),
    })),
  };
}

function contactView({ contactId, name, email, phone, groupIds }: Contact): ContactView {
  return { contactId, name, email, phone, groupIds: [...groupIds] };
}

function fieldProblem({ code, field, line, facts }: ContactProblem): FieldProblem {
  const place = field === null ? '' : `/${field}`;
  const pointer = line === null ? place : `/lines/${line}`;
  return { code, pointer, facts: { ...facts }, detail: '' };
}
