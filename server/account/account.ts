import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { Language, ProfileId } from '../reservation/reservation.ts';

/** What an account may do. An administrator may do all that an organiser may. */
export type AccountRole = 'organiser' | 'administrator';

/** An account of the panel. Its id is the profile that its reservations belong to. */
export interface Account {
  readonly accountId: ProfileId;
  readonly email: string;
  /** What participants see as organiser. */
  readonly name: string;
  readonly role: AccountRole;
  /** `invited`: has no password yet. `unconfirmed`: cannot log in before the address is confirmed. */
  readonly state: 'invited' | 'unconfirmed' | 'active' | 'suspended';
  readonly language: Language;
  /** IANA zone. */
  readonly zone: string;
  /** Own monthly limit for SMS in thousandths of the currency unit; null: as configured. */
  readonly monthlyLimitMilli: number | null;
  readonly createdAtMs: WallclockMs;
  readonly lastLoginAtMs: WallclockMs | null;
}

/** What a bearer token may do. */
export type Scope = (typeof SCOPES)[number];

/** Every scope. */
export const SCOPES = [
  'reservations:read',
  'reservations:write',
  'history:read',
  'contacts:read',
  'contacts:write',
  'account:read',
  'webhooks:write',
  'admin',
] as const;

/** A login on one device. */
export interface Session {
  /** Not the secret: an id that may be shown. */
  readonly sessionId: string;
  readonly accountId: ProfileId;
  readonly createdAtMs: WallclockMs;
  readonly lastSeenAtMs: WallclockMs;
  readonly expiresAtMs: WallclockMs;
  /** As the browser names itself, cut. */
  readonly userAgent: string;
  /** Last address it was used from. */
  readonly address: string;
}

/** A bearer token for programs. The secret is shown once and kept as a hash. */
export interface ApiToken {
  readonly tokenId: string;
  readonly accountId: ProfileId;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAtMs: WallclockMs;
  readonly lastUsedAtMs: WallclockMs | null;
  readonly expiresAtMs: WallclockMs | null;
}
