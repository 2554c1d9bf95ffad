import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';
import { blankAccount, type AccountContext } from './account-context.ts';
import type { GivenLink } from './account-links.ts';
import type { AccountRecord } from './account-store.ts';
import type { InvitationRequest } from './accounts.ts';
import type { EmailAddress } from './email-address.ts';

const HOUR_MS: DurationMs = 3_600_000;

/** An account that waits for its person. To be called in a transaction. */
export function insertInvited(
  context: AccountContext,
  { address, request }: { readonly address: EmailAddress; readonly request: InvitationRequest },
  nowMs: WallclockMs,
): AccountRecord {
  const account: AccountRecord = {
    ...blankAccount(context, nowMs),
    ...address,
    name: '',
    role: request.role,
    state: 'invited',
    language: request.language,
    zone: context.defaultZone(),
    passwordHash: null,
  };
  context.store.insertAccount(account);
  return account;
}

/** A link to set name and password with; the one before ends. To be called in a transaction. */
export function invitationLink(
  context: AccountContext,
  account: AccountRecord,
  nowMs: WallclockMs,
): GivenLink {
  const lifeMs = context.settings().emailLinkHours * HOUR_MS;
  const { accountId } = account;
  return context.links.give({ purpose: 'invitation', accountId, lifeMs }, nowMs);
}

/** The same, sent. To be called in a transaction. */
export function inviteByMail(
  context: AccountContext,
  account: AccountRecord,
  nowMs: WallclockMs,
): void {
  const { link, expiresAtMs } = invitationLink(context, account, nowMs);
  const { accountId, email, name, language } = account;
  context.notify(
    {
      kind: 'invited-to-konfa',
      accountId,
      to: email,
      name,
      language,
      link,
      uselessAtMs: expiresAtMs,
    },
    nowMs,
  );
}
