import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createAccountStore } from '../../db/account-store.ts';
import { openDatabase } from '../../db/open-database.ts';
import type {
  AccountRecord,
  AccountStore,
  LinkRecord,
  SessionRecord,
} from '../../server/account/account-store.ts';
import { errorOf, withDatabase } from './temporary-database.ts';

function account(differences: Partial<AccountRecord> = {}): AccountRecord {
  const accountId = differences.accountId ?? 'a1';
  return {
    accountId,
    email: `${accountId}@Example.org`,
    emailKey: `${accountId}@example.org`,
    name: 'Ala Nowak',
    role: 'organiser',
    state: 'active',
    language: 'pl',
    zone: 'Europe/Warsaw',
    monthlyLimitMilli: null,
    passwordHash: null,
    createdAtMs: 1_000,
    lastLoginAtMs: null,
    ...differences,
  };
}

function session(differences: Partial<SessionRecord> = {}): SessionRecord {
  const sessionId = differences.sessionId ?? 's1';
  return {
    sessionId,
    secretHash: `hash of ${sessionId}`,
    accountId: 'a1',
    createdAtMs: 1_000,
    lastSeenAtMs: 2_000,
    expiresAtMs: 9_000,
    userAgent: "Firefox'; DROP TABLE account; --",
    address: '2001:db8::1',
    ...differences,
  };
}

function link(differences: Partial<LinkRecord> = {}): LinkRecord {
  return {
    secretHash: 'hash of a link',
    purpose: 'reset-password',
    accountId: 'a1',
    createdAtMs: 1_000,
    expiresAtMs: 9_000,
    data: '{}',
    ...differences,
  };
}

const withStore = (work: (store: AccountStore, file: string) => void): Promise<void> =>
  withDatabase((connection) => work(createAccountStore(connection), connection.name));

test('gives back accounts, sessions, tokens and links field by field, also after reopening', () =>
  withStore((store, file) => {
    const odd = account({
      accountId: 'a2',
      name: "Zażółć 'gęślą'",
      role: 'administrator',
      state: 'suspended',
      language: 'en',
      monthlyLimitMilli: 0,
      passwordHash: '$scrypt$x',
      lastLoginAtMs: 5,
    });
    const token = {
      tokenId: 't1',
      secretHash: 'hash of t1',
      accountId: 'a1',
      name: 'script',
      scopes: ['account:read', 'admin'],
      createdAtMs: 1,
      lastUsedAtMs: null,
      expiresAtMs: null,
    } as const;
    store.transaction(() => {
      store.insertAccount(account());
      store.insertAccount(odd);
      store.insertSession(session());
      store.insertToken(token);
      store.insertLink(link());
    });

    const again = openDatabase({ file });
    const other = createAccountStore(again);
    assert.equal(other.accountById('a1'), account());
    assert.equal(other.accountByEmailKey('a2@example.org'), odd);
    assert.equal(other.sessionByHash('hash of s1'), session());
    assert.equal(other.tokenByHash('hash of t1'), token);
    assert.equal(other.linkByHash('hash of a link'), link());
    for (const missing of [
      other.accountById('a3'),
      other.accountByEmailKey('A1@example.org'),
      other.sessionByHash(''),
      other.tokenByHash('hash of s1'),
      other.linkByHash('hash of t1'),
    ]) {
      assert.is(missing, null);
    }
    again.close();
  }));

test('one address has one account, whatever two processes do at once', () =>
  withStore((store) => {
    store.insertAccount(account());

    const second = errorOf(() =>
      store.insertAccount(account({ accountId: 'a2', emailKey: 'a1@example.org' })),
    );

    assert.ok(second !== null);
    assert.is(store.accountById('a2'), null);
  }));

test('what a failing transaction wrote is not kept', () =>
  withStore((store) => {
    const error = errorOf(() =>
      store.transaction(() => {
        store.insertAccount(account());
        throw new Error('stop');
      }),
    );

    assert.is(error?.message, 'stop');
    assert.is(store.accountById('a1'), null);
  }));

test('deleting an account takes its sessions, tokens, links and devices along, and nobody else’s', () =>
  withStore((store) => {
    for (const accountId of ['a1', 'a2']) {
      store.insertAccount(account({ accountId }));
      store.insertSession(session({ sessionId: `s ${accountId}`, accountId }));
      store.insertLink(link({ secretHash: `l ${accountId}`, accountId }));
      store.keepDevice({ secretHash: 'shared', accountId, lastUsedAtMs: 1 });
    }
    store.insertLink(link({ secretHash: 'setup', purpose: 'setup', accountId: null }));

    store.deleteAccount('a1');

    assert.equal(store.sessionsOf('a1'), []);
    assert.is(store.linkByHash('l a1'), null);
    assert.is(store.device('shared', 'a1'), null);
    assert.is(store.sessionsOf('a2').length, 1);
    assert.ok(store.linkByHash('l a2'));
    assert.ok(store.device('shared', 'a2'));
    assert.ok(store.linkByHash('setup'));
  }));

test('links without an account are told from those of accounts', () =>
  withStore((store) => {
    store.insertAccount(account());
    store.insertLink(link({ secretHash: 'setup', purpose: 'setup', accountId: null }));
    store.insertLink(link());

    store.deleteLinks('a1', 'setup');
    assert.is(store.linksOf(null, 'setup').length, 1);
    store.deleteLinks(null, 'setup');
    assert.is(store.linksOf(null, 'setup').length, 0);
    assert.is(store.linksOf('a1', 'reset-password').length, 1);
  }));

test('a session is deleted only together with the account it belongs to', () =>
  withStore((store) => {
    store.insertAccount(account());
    store.insertAccount(account({ accountId: 'a2' }));
    store.insertSession(session());
    store.insertSession(session({ sessionId: 's2' }));

    assert.is(store.deleteSession('a2', 's1'), 'unknown');
    assert.is(store.deleteSession('a1', 's1'), 'deleted');
    assert.is(store.deleteSession('a1', 's1'), 'unknown');
    store.insertSession(session());
    store.deleteSessions('a1', 's2');
    assert.equal(
      store.sessionsOf('a1').map(({ sessionId }) => sessionId),
      ['s2'],
    );
    store.deleteSessions('a1', null);
    assert.equal(store.sessionsOf('a1'), []);
  }));

test('ten devices of an account are kept, those used last', () =>
  withStore((store) => {
    store.insertAccount(account());
    for (let index = 0; index < 11; index += 1) {
      store.keepDevice({ secretHash: `d${index}`, accountId: 'a1', lastUsedAtMs: index });
    }
    store.keepDevice({ secretHash: 'd1', accountId: 'a1', lastUsedAtMs: 20 });
    store.keepDevice({ secretHash: 'd11', accountId: 'a1', lastUsedAtMs: 11 });

    const kept = Array.from({ length: 12 }, (_, index) => store.isDevice(`d${index}`));

    assert.equal(
      kept.flatMap((state, index) => (state === 'unknown' ? [index] : [])),
      [0, 2],
    );
  }));

test('only active administrators are counted', () =>
  withStore((store) => {
    store.insertAccount(account({ accountId: 'a1', role: 'administrator' }));
    store.insertAccount(account({ accountId: 'a2', role: 'administrator', state: 'invited' }));
    store.insertAccount(account({ accountId: 'a3', role: 'administrator', state: 'suspended' }));
    store.insertAccount(account({ accountId: 'a4' }));

    assert.is(store.countAdministrators(), 1);
  }));

test('purging removes what has ended and keeps what has not, to the millisecond', () =>
  withStore((store) => {
    store.insertAccount(account({ accountId: 'a1' }));
    store.insertAccount(account({ accountId: 'u1', state: 'unconfirmed', createdAtMs: 99 }));
    store.insertAccount(account({ accountId: 'u2', state: 'unconfirmed', createdAtMs: 100 }));
    store.insertAccount(account({ accountId: 'i1', state: 'invited', createdAtMs: 1 }));
    store.insertSession(session({ sessionId: 's1', expiresAtMs: 999 }));
    store.insertSession(session({ sessionId: 's2', expiresAtMs: 1_000 }));
    store.insertLink(link({ secretHash: 'l1', expiresAtMs: 999 }));
    store.insertLink(link({ secretHash: 'l2', expiresAtMs: 1_000 }));
    store.keepDevice({ secretHash: 'd1', accountId: 'a1', lastUsedAtMs: 49 });
    store.keepDevice({ secretHash: 'd2', accountId: 'a1', lastUsedAtMs: 50 });

    const gone = store.purge({
      endedBeforeMs: 1_000,
      devicesUnusedSinceMs: 50,
      unconfirmedSinceMs: 100,
    });

    assert.equal(gone, ['u1']);
    assert.is(store.sessionByHash('hash of s1'), null);
    assert.ok(store.sessionByHash('hash of s2'));
    assert.is(store.linkByHash('l1'), null);
    assert.ok(store.linkByHash('l2'));
    assert.is(store.isDevice('d1'), 'unknown');
    assert.is(store.isDevice('d2'), 'known');
    assert.ok(store.accountById('i1'));
  }));

test('a row that is not ours is told as damage and not taken for something else', () =>
  withDatabase((connection) => {
    const store = createAccountStore(connection);
    store.insertAccount(account());
    connection
      .prepare(
        `INSERT INTO api_token VALUES ('t', 'hash', 'a1', 'x', '["everything"]', 1, NULL, NULL)`,
      )
      .run();

    assert.is(errorOf(() => store.tokenByHash('hash'))?.code, 'DB_CORRUPT');
  }));

test('a page of 50 out of 10,000 accounts takes less than 20 ms, searched or not', () =>
  withStore((store) => {
    store.transaction(() => {
      for (let index = 0; index < 10_000; index += 1) {
        const accountId = `a${String(index).padStart(5, '0')}`;
        store.insertAccount(account({ accountId, createdAtMs: index }));
      }
    });
    for (const text of [null, 'nowak', 'nobody has this name']) {
      const tookMs = Array.from({ length: 5 }, () => {
        const before = process.hrtime.bigint();
        store.listAccounts({ text, after: { createdAtMs: 5_000, accountId: 'a05000' }, limit: 50 });
        return Number(process.hrtime.bigint() - before) / 1e6;
      });
      assert.ok(Math.min(...tookMs) < 20, `${text}: ${tookMs.join(' ')}`);
    }
  }));

test.run();
