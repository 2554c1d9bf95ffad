import type { Page } from 'playwright-core';
import type { Furnished } from './furnish.ts';

/** A page of the panel, or what can be opened on one. */
export interface PanelPage {
  readonly name: string;
  readonly path: string;
  /** Clicks that show what is meant. */
  readonly open?: (page: Page) => Promise<void>;
}

/** Pages that nobody needs to be logged in for. */
export function publicPages({ open }: Furnished): readonly PanelPage[] {
  return [
    { name: 'login', path: '/login' },
    { name: 'sign-up', path: '/sign-up' },
    { name: 'reset', path: '/reset' },
    { name: 'confirm', path: '/confirm/0123' },
    { name: 'confirm-email', path: '/confirm-email/0123' },
    { name: 'reset-link', path: '/reset/0123' },
    { name: 'accept', path: '/accept/0123' },
    { name: 'setup', path: '/setup/0123' },
    { name: 'join', path: new URL(open.joinUrl).pathname },
    { name: 'join-unknown', path: '/j/0123' },
    { name: 'help-guest', path: '/help' },
  ];
}

/** Pages of somebody who has not begun yet. */
export const EMPTY_PAGES: readonly PanelPage[] = [
  { name: 'list-empty', path: '/conferences' },
  { name: 'history-empty', path: '/history' },
  { name: 'contacts-empty', path: '/contacts' },
  { name: 'programs-empty', path: '/account/programs' },
];

/** Pages of an organiser, with the dialogs on them. */
export function organiserPages({ open, planned, past }: Furnished): readonly PanelPage[] {
  return [
    { name: 'list', path: '/conferences' },
    { name: 'form', path: '/conferences/new' },
    { name: 'details', path: `/conferences/${open.reservationId}` },
    { name: 'edit', path: `/conferences/${open.reservationId}/edit` },
    { name: 'booked', path: `/conferences/${planned.reservationId}/booked` },
    { name: 'details-past', path: `/conferences/${past.reservationId}` },
    {
      ...{ name: 'delete', path: `/conferences/${open.reservationId}` },
      open: clicks(/^(Usuń|Delete)$/u),
    },
    {
      ...{ name: 'new-pins', path: `/conferences/${open.reservationId}` },
      open: clicks(/^(Nowe PIN-y|New PINs)$/u),
    },
    { name: 'history', path: '/history' },
    { name: 'contacts', path: '/contacts' },
    {
      ...{ name: 'contact', path: '/contacts' },
      open: clicks(/^(Dodaj kontakt|Add contact)$/u),
    },
    {
      ...{ name: 'contacts-paste', path: '/contacts' },
      open: clicks(/^(Wklej listę|Paste a list)$/u),
    },
    { name: 'account', path: '/account' },
    { name: 'security', path: '/account/security' },
    { name: 'balance', path: '/account/balance' },
    { name: 'programs', path: '/account/programs' },
    {
      ...{ name: 'token', path: '/account/programs' },
      open: clicks(/^(Dodaj token|Add a token)$/u),
    },
    {
      ...{ name: 'webhook', path: '/account/programs' },
      open: clicks(/^(Dodaj webhook|Add a webhook)$/u),
    },
    { name: 'data', path: '/account/data' },
    { name: 'help', path: '/help' },
    { name: 'not-found', path: '/nothing-here' },
    { name: 'no-such-conference', path: '/conferences/0123' },
  ];
}

/** Pages of an administrator. */
export const ADMINISTRATOR_PAGES: readonly PanelPage[] = [
  { name: 'health', path: '/administration' },
  { name: 'accounts', path: '/administration/accounts' },
  { name: 'prices', path: '/administration/prices' },
  {
    ...{ name: 'invite', path: '/administration/accounts' },
    open: clicks(/^(Zaproś|Invite)$/u),
  },
  {
    ...{ name: 'manage', path: '/administration/accounts' },
    open: clicks(/^(Zarządzaj|Manage): pl@/u),
  },
];

/** Goes to a page and waits until it shows what it has. */
export async function goTo(page: Page, { path, open }: PanelPage): Promise<void> {
  await page.goto(path);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.locator(AWAITED).first().waitFor({ state: 'detached' });
  if (open === undefined) return;
  await open(page);
  await page.getByRole('dialog').waitFor();
}

/** Stands where something is still awaited. */
const AWAITED = '.skeleton, .starting-up';

function clicks(name: RegExp): (page: Page) => Promise<void> {
  return (page) => page.getByRole('button', { name }).first().click();
}
