import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';
import { blankAccount, commit, type AccountContext } from './account-context.ts';
import { readAddress, readName, readZone } from './account-fields.ts';
import { AccountRefusal } from './account-refusal.ts';
import type { AccountRecord } from './account-store.ts';
import type { AcceptRequest, Accounts, Entry, Origin, SetupRequest } from './accounts.ts';
import type { EmailAddress } from './email-address.ts';
import { enter } from './log-in.ts';
import { checkNewPassword } from './password-rules.ts';
import { endEverything } from './reset-password.ts';

/** The link of a new installation; every start gives out a new one. */
const SETUP_LINK_MS: DurationMs = 7 * 86_400_000;

/** Accounts that begin with a link: of the first administrator, and of who was invited. */
export function createFirstAdministrator(
  context: AccountContext,
): Pick<Accounts, 'setupLink' | 'setUp' | 'accept'> {
  const { store, links } = context;

  function setupLink(nowMs: WallclockMs): string | null {
    return store.transaction(() => {
      if (store.countAdministrators() > 0) {
        store.deleteLinks(null, 'setup');
        return null;
      }
      const lifeMs = SETUP_LINK_MS;
      return links.give({ purpose: 'setup', accountId: null, lifeMs }, nowMs).link;
    });
  }

  function refuseWhenSetUp(token: string, nowMs: WallclockMs): void {
    links.find(token, ['setup'], nowMs);
    if (store.countAdministrators() > 0) throw expired();
  }

  async function setUp(request: SetupRequest, origin: Origin, nowMs: WallclockMs): Promise<Entry> {
    refuseWhenSetUp(request.token, nowMs);
    const name = readName(request.name);
    const address = readAddress(request.email);
    const shortest = context.settings().passwordCharacters;
    checkNewPassword({ password: request.password, email: address.email, name, shortest });
    const passwordHash = await context.passwords.hash(request.password);
    return commit(context, () => {
      // Two may have had the page open: the first one it is.
      refuseWhenSetUp(request.token, nowMs);
      const account = firstAdministrator(address, nowMs);
      endEverything(context, account.accountId);
      store.deleteLinks(null, 'setup');
      return enter(context, { account: { ...account, name, passwordHash }, origin }, nowMs);
    });
  }

  /** Whoever has the link runs the server: an account with this address becomes theirs. */
  function firstAdministrator(address: EmailAddress, nowMs: WallclockMs): AccountRecord {
    const known = store.accountByEmailKey(address.emailKey);
    const account: AccountRecord = {
      ...(known ?? {
        ...blankAccount(context, nowMs),
        ...address,
        name: '',
        passwordHash: null,
        language: context.settings().language,
        zone: context.defaultZone(),
      }),
      role: 'administrator',
      state: 'active',
    };
    if (known === null) store.insertAccount(account);
    return account;
  }

  function invited(token: string, nowMs: WallclockMs): AccountRecord {
    const link = links.find(token, ['invitation'], nowMs);
    const account = store.accountById(link.accountId ?? '');
    if (account === null || account.state === 'suspended') throw expired();
    return account;
  }

  async function accept(
    request: AcceptRequest,
    origin: Origin,
    nowMs: WallclockMs,
  ): Promise<Entry> {
    const { email } = invited(request.token, nowMs);
    const name = readName(request.name);
    const zone = readZone(request.zone);
    const shortest = context.settings().passwordCharacters;
    checkNewPassword({ password: request.password, email, name, shortest });
    const passwordHash = await context.passwords.hash(request.password);
    return commit(context, () => {
      const standing = invited(request.token, nowMs);
      endEverything(context, standing.accountId);
      const { language } = request;
      const account: AccountRecord = {
        ...standing,
        ...{ name, zone, language, passwordHash, state: 'active' },
      };
      return enter(context, { account, origin }, nowMs);
    });
  }

  return { setupLink, setUp, accept };
}

function expired(): AccountRefusal {
  return new AccountRefusal('link-expired', { pointer: '/token' });
}
