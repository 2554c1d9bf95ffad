import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';
import type { Language, ProfileId } from '../reservation/reservation.ts';
import type { Random } from '../runtime/random.ts';
import type { SendAccountMail } from './account-mail.ts';
import type { AccountStore } from './account-store.ts';
import type { Account, AccountRole, ApiToken, Scope, Session } from './account.ts';
import type { Passwords } from './passwords.ts';

/** Settings of `config.accounts`. */
export interface AccountSettings {
  readonly signUp: 'open' | 'invited' | 'closed';
  readonly passwordCharacters: number;
  readonly sessionDays: number;
  readonly longestSessionDays: number;
  readonly emailLinkHours: number;
  readonly resetLinkMinutes: number;
  readonly language: Language;
}

/** What the service works with. */
export interface AccountsOptions {
  readonly store: AccountStore;
  readonly settings: () => AccountSettings;
  readonly random: Random;
  readonly passwords: Passwords;
  /** `Notices.sendAccountMail`. Called inside the transaction that the mail belongs to. */
  readonly notify: SendAccountMail;
  /** `Notices.wake`: called once a transaction that queued mail is over. */
  readonly wake: () => void;
  /** What links begin with, without a slash at the end; its scheme decides the names of the cookies. */
  readonly publicUrl: () => string;
  /** Zone of accounts that are made without one: `reservations.timeZone`. */
  readonly defaultZone: () => string;
  /**
   * Removes everything that belongs to a profile besides its account: standing reservations are cancelled first, so
   * that participants are told, then reservations, contacts, webhooks and ledger go. Called inside the transaction.
   */
  readonly eraseProfile: (profileId: ProfileId, nowMs: WallclockMs) => void;
}

/** Where a request comes from, and what its browser brings. */
export interface Origin {
  readonly address: string;
  readonly userAgent: string;
  /** Secret of the session that the browser has now: it ends when a new one begins. */
  readonly sessionSecret: string | null;
  /** Secret of the cookie that tells a browser somebody has logged in from before. */
  readonly deviceSecret: string | null;
}

/** A login that was made. Both secrets are told this once, as cookies. */
export interface Entry {
  readonly account: Account;
  readonly session: Session;
  readonly sessionSecret: string;
  readonly csrfToken: string;
  readonly deviceSecret: string;
}

/** A session or a token that was let in. */
export interface Presence {
  readonly account: Account;
  readonly credentialId: string;
  readonly scopes: readonly Scope[] | 'all';
  readonly csrfToken: string | null;
}

/** Names and lives of the two cookies. */
export interface CookieTerms {
  /** `__Host-konfa` under https, `konfa` otherwise. */
  readonly session: string;
  readonly device: string;
  readonly sessionSeconds: number;
  readonly deviceSeconds: number;
}

/** What a person fills in to have an account. */
export interface SignUpRequest {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly language: Language;
  readonly zone: string;
}

/** Who was invited fills in the rest. */
export interface AcceptRequest {
  readonly token: string;
  readonly name: string;
  readonly password: string;
  readonly language: Language;
  readonly zone: string;
}

/** What the one-time link of a new installation asks for. */
export interface SetupRequest {
  readonly token: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** What an account may change of itself without its password. */
export interface ProfileChange {
  readonly name?: string | undefined;
  readonly language?: Language | undefined;
  readonly zone?: string | undefined;
}

/** What an administrator may change. */
export interface AdministratorChange {
  readonly role?: AccountRole | undefined;
  readonly state?: 'active' | 'suspended' | undefined;
  readonly monthlyLimitMilli?: number | null | undefined;
}

/** Whom an administrator invites. */
export interface InvitationRequest {
  readonly email: string;
  readonly role: AccountRole;
  readonly language: Language;
}

/** An invitation. `link` is for the command line, which hands it over itself. */
export interface Invitation {
  readonly account: Account;
  readonly link: string;
}

/** A page of accounts. `after` of the next one is made of its last. */
export interface AccountListQuery {
  readonly text: string | null;
  readonly after: { readonly createdAtMs: WallclockMs; readonly accountId: ProfileId } | null;
  readonly limit: number;
}

/** A bearer token to be made. */
export interface TokenRequest {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly lifeMs: DurationMs | null;
}

/** Someone who is logged in and acts on their own account. */
export interface Actor {
  readonly accountId: ProfileId;
  readonly sessionId: string;
  /** Secret of the device's cookie: it stays known when all others are forgotten. */
  readonly deviceSecret: string | null;
}

/**
 * The accounts of this server. Methods throw an `AccountRefusal` when the rules refuse, and the store's `CodedError`
 * when the store fails. What is read and what is written in one call is one transaction.
 */
export interface Accounts {
  cookies(): CookieTerms;

  /** Always ends the same way, whether the address is known or not. */
  signUp(request: SignUpRequest, origin: Origin, nowMs: WallclockMs): Promise<void>;
  /** Uses the link of `confirm-address` or `confirm-new-address`. */
  confirm(token: string, origin: Origin, nowMs: WallclockMs): Entry;
  accept(request: AcceptRequest, origin: Origin, nowMs: WallclockMs): Promise<Entry>;
  /** `/setup/<token>` of a server without an administrator; null when there is one. Voids an older link. */
  setupLink(nowMs: WallclockMs): string | null;
  setUp(request: SetupRequest, origin: Origin, nowMs: WallclockMs): Promise<Entry>;
  logIn(
    login: { readonly email: string; readonly password: string },
    origin: Origin,
    nowMs: WallclockMs,
  ): Promise<Entry>;
  logOut(sessionSecret: string): void;
  /** Always ends the same way, whether the address is known or not. */
  requestReset(email: string, origin: Origin, nowMs: WallclockMs): void;
  completeReset(
    request: { readonly token: string; readonly password: string },
    origin: Origin,
    nowMs: WallclockMs,
  ): Promise<Entry>;

  /** Who a session's secret belongs to; null when it has ended. */
  bySession(
    sessionSecret: string,
    origin: { readonly address: string },
    nowMs: WallclockMs,
  ): Presence | null;
  /** Who a bearer token belongs to; null when it is not valid. */
  byToken(secret: string, nowMs: WallclockMs): Presence | null;
  byId(accountId: ProfileId): Account | null;
  byEmail(email: string): Account | null;

  changeProfile(accountId: ProfileId, change: ProfileChange): Account;
  changePassword(
    actor: Actor,
    passwords: { readonly present: string; readonly next: string },
    nowMs: WallclockMs,
  ): Promise<void>;
  /** Always ends the same way, whether the new address is known or not. */
  requestEmailChange(
    actor: Actor,
    request: { readonly password: string; readonly newEmail: string },
    nowMs: WallclockMs,
  ): Promise<void>;
  deleteOwn(actor: Actor, password: string, nowMs: WallclockMs): Promise<void>;
  sessions(accountId: ProfileId, nowMs: WallclockMs): readonly Session[];
  endSession(accountId: ProfileId, sessionId: string): void;
  endOtherSessions(actor: Actor): void;
  tokens(accountId: ProfileId): readonly ApiToken[];
  addToken(
    accountId: ProfileId,
    request: TokenRequest,
    nowMs: WallclockMs,
  ): { readonly token: ApiToken; readonly secret: string };
  removeToken(accountId: ProfileId, tokenId: string): void;

  list(query: AccountListQuery): readonly Account[];
  /** By an administrator of the panel: an e-mail goes out. */
  invite(request: InvitationRequest, nowMs: WallclockMs): Account;
  /**
   * By the command line: no e-mail. An account that has the address already is given the role and, with the link, a new
   * password; so an administrator who is locked out gets back in.
   */
  add(request: InvitationRequest, nowMs: WallclockMs): Invitation;
  administer(accountId: ProfileId, change: AdministratorChange): Account;
  /** With all its data; the last administrator stays. For the command line and erasure. */
  erase(accountId: ProfileId, nowMs: WallclockMs): void;
  /** Removes what has ended, and accounts never confirmed in `unconfirmedMs`; how many of these. */
  purge(unconfirmedMs: DurationMs, nowMs: WallclockMs): number;
}
