import { createAccountStore } from '../../../db/account-store.ts';
import type { AccountMail } from '../../../server/account/account-mail.ts';
import { AccountRefusal } from '../../../server/account/account-refusal.ts';
import type { AccountStore } from '../../../server/account/account-store.ts';
import type { Accounts, AccountSettings, Entry, Origin } from '../../../server/account/accounts.ts';
import { createAccounts } from '../../../server/account/create-accounts.ts';
import { createPasswords, type Passwords } from '../../../server/account/passwords.ts';
import { systemRandom } from '../../../server/runtime/random.ts';
import { withDatabase } from '../../db/temporary-database.ts';
import type { Connection } from '../../../db/open-database.ts';

/** A password that is good everywhere. */
export const PASSWORD = 'konik morski 7';
/** Another one. */
export const OTHER_PASSWORD = 'zielony parasol 12';

export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;
export const MINUTE_MS = 60_000;

/** Cheap on purpose: what hashing costs is tested with the passwords alone. */
const CHEAP = { logN: 2, blockSize: 1, parallelization: 1 };

/** Accounts on a real database, with what went out of them. */
export interface AccountWorld {
  readonly accounts: Accounts;
  readonly store: AccountStore;
  readonly connection: Connection;
  readonly settings: AccountSettings;
  readonly mails: AccountMail[];
  readonly erased: string[];
  /** Passwords that were hashed or checked. */
  readonly hashed: { count: number };
  nowMs: number;
  change(settings: Partial<AccountSettings>): void;
  /** The same database after a restart. */
  restart(): Accounts;
  /** Token of the last mail. */
  token(): string;
  /** An active account, logged in. */
  member(email: string, password?: string): Promise<Entry>;
  /** The same, by the link of a new installation. */
  administrator(email?: string): Promise<Entry>;
}

/** Where requests come from unless a test says something else. */
export function origin(differences: Partial<Origin> = {}): Origin {
  return {
    address: '192.0.2.7',
    userAgent: 'Firefox',
    sessionSecret: null,
    deviceSecret: null,
    ...differences,
  };
}

/** Runs `work` with accounts on a new database, on Monday 2 March 2026 at 10:00 UTC. */
export function withAccounts(
  work: (world: AccountWorld) => void | Promise<void>,
  differences: { readonly publicUrl?: string; readonly passwords?: Passwords } = {},
): Promise<void> {
  return withDatabase((connection) => work(createWorld(connection, differences)));
}

function createWorld(
  connection: Connection,
  differences: { readonly publicUrl?: string; readonly passwords?: Passwords },
): AccountWorld {
  const store = createAccountStore(connection);
  const mails: AccountMail[] = [];
  const erased: string[] = [];
  const hashed = { count: 0 };
  const passwords = counted(differences.passwords ?? createPasswords(CHEAP), hashed);
  const publicUrl = differences.publicUrl ?? 'https://konfa.example.org';
  let settings: AccountSettings = {
    signUp: 'open',
    passwordCharacters: 10,
    sessionDays: 30,
    longestSessionDays: 90,
    emailLinkHours: 24,
    resetLinkMinutes: 60,
    language: 'pl',
  };
  const restart = (): Accounts =>
    createAccounts({
      store,
      settings: () => settings,
      random: systemRandom,
      passwords,
      notify: (mail) => mails.push(mail),
      wake: () => undefined,
      publicUrl: () => publicUrl,
      defaultZone: () => 'Europe/Warsaw',
      eraseProfile: (profileId) => erased.push(profileId),
    });
  const accounts = restart();
  const token = (): string => tokenOf(mails.at(-1)?.link ?? '');

  const world: AccountWorld = {
    accounts,
    store,
    connection,
    mails,
    erased,
    hashed,
    nowMs: Date.parse('2026-03-02T10:00Z'),
    get settings() {
      return settings;
    },
    change(changes) {
      settings = { ...settings, ...changes };
    },
    restart,
    token,
    async member(email, password = PASSWORD) {
      const request = { name: 'Ala Nowak', email, password, language: 'pl', zone: 'Europe/Warsaw' };
      await accounts.signUp({ ...request, language: 'pl' }, origin(), world.nowMs);
      return accounts.confirm(token(), origin(), world.nowMs);
    },
    administrator(email = 'szef@example.org') {
      const link = accounts.setupLink(world.nowMs) ?? '';
      const request = { token: tokenOf(link), name: 'Szef', email, password: PASSWORD };
      return accounts.setUp(request, origin(), world.nowMs);
    },
  };
  return world;
}

/** The last part of a link. */
export function tokenOf(link: string): string {
  return link.split('/').at(-1) ?? '';
}

/** Why it was refused; null when it was not. Other errors pass. */
export async function refusalOf(work: () => unknown): Promise<AccountRefusal | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof AccountRefusal) return error;
    throw error;
  }
}

/** The code of the refusal; null without one. */
export async function codeOf(work: () => unknown): Promise<string | null> {
  return (await refusalOf(work))?.reason ?? null;
}

function counted(passwords: Passwords, hashed: { count: number }): Passwords {
  return {
    hash(password) {
      hashed.count += 1;
      return passwords.hash(password);
    },
    verify(...of) {
      hashed.count += 1;
      return passwords.verify(...of);
    },
  };
}
