import type { Language } from '../reservation/reservation.ts';

/** What a link of `confirm-address` brings about: the profile as it was signed up with. */
export interface PendingProfile {
  readonly name: string;
  readonly passwordHash: string;
  readonly language: Language;
  readonly zone: string;
}

/** What a link of `confirm-address` carries: the profile, and which entry of `PendingSignUps` it is. */
export interface ConfirmationData {
  readonly profile: PendingProfile;
  readonly pendingEntry: string;
}

/** What a link of `confirm-new-address` brings about. */
export interface NewAddress {
  readonly email: string;
  readonly emailKey: string;
}

/** What a link carries, checked; null when it is not what it should be. */
export function readLinkData<T>(data: string, isSound: (value: unknown) => value is T): T | null {
  const value: unknown = JSON.parse(data);
  return isSound(value) ? value : null;
}

/** Whether it is the data of `confirm-address`. */
export function isConfirmationData(value: unknown): value is ConfirmationData {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pendingEntry' in value &&
    typeof value.pendingEntry === 'string' &&
    'profile' in value &&
    isPendingProfile(value.profile)
  );
}

/** Whether it is the data of `confirm-new-address`. */
export function isNewAddress(value: unknown): value is NewAddress {
  return hasText(value, ['email', 'emailKey']);
}

/** Exactly these properties, all of them text. */
function hasText(value: unknown, names: readonly string[]): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const entries = new Map<string, unknown>(Object.entries(value));
  return (
    entries.size === names.length && names.every((name) => typeof entries.get(name) === 'string')
  );
}

function isPendingProfile(value: unknown): value is PendingProfile {
  return (
    hasText(value, ['name', 'passwordHash', 'language', 'zone']) &&
    (value['language'] === 'pl' || value['language'] === 'en')
  );
}
