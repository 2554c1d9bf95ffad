// run: alone, limit: 180 s
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openDnsServer } from '../support/dns-server.ts';
import { figure, trunkStatus } from '../support/konfa-control.ts';
import { startKonfa } from '../support/konfa-process.ts';
import type { KonfaProcess } from '../support/konfa-process.ts';
import { startPhone } from '../support/phone.ts';
import { openTestRegistrar } from '../support/test-registrar.ts';
import type { TestRegistrar } from '../support/test-registrar.ts';
import { runNode } from './cli-child.ts';

/** Where the provider is: no network of any trunk, so that only the name of the registrar makes it known. */
const PROVIDER = '127.0.0.8';
const LOCAL = { name: 'local', allowFrom: ['127.0.0.1/32'] };

interface Account {
  readonly name: string;
  readonly user: string;
  readonly password: string;
}

function trunk(registrar: TestRegistrar, { name, user, password }: Account): object {
  const register = { server: `reg.test:${registrar.port}`, user, password };
  return { name, register, transport: 'udp', pingSeconds: 0, onNet: true };
}

function changeTrunks(konfa: KonfaProcess, trunks: readonly object[]): void {
  const config: unknown = JSON.parse(readFileSync(konfa.configFile, 'utf8'));
  writeFileSync(konfa.configFile, JSON.stringify({ ...Object(config), trunks }));
  konfa.reload();
}

function userOf(contact: string | undefined): string {
  return /^sip:([^@]*)@/u.exec(contact ?? '')?.[1] ?? '';
}

/** Both are closed whatever a test comes to, or its process would never end. */
async function withProvider(
  passwords: Readonly<Record<string, string>>,
  run: (registrar: TestRegistrar, dnsServer: string) => Promise<void>,
): Promise<void> {
  const registrar = await openTestRegistrar(PROVIDER, passwords);
  const dns = await openDnsServer({ 'A reg.test': [Buffer.from([127, 0, 0, 8])] });
  try {
    await run(registrar, `127.0.0.1:${dns.port}`);
  } finally {
    registrar.close();
    dns.close();
  }
}

test('registers as soon as a wrong password is put right; a trunk that is taken out is taken back, and its call goes on', () =>
  withProvider({ '908': 'right' }, async (registrar, dnsServer) => {
    const konfa = await startKonfa({
      config: {
        sip: {
          dnsServers: [dnsServer],
          keepAliveSeconds: 1,
        },
        trunks: [LOCAL, trunk(registrar, { name: 'carrier', user: '908', password: 'wr0ng-pass' })],
      },
    });
    await registrar.until(({ seen }) => seen.some(({ credentials }) => credentials === 'wrong'));
    const shown = runNode(
      ['--import', import.meta.resolve('tsx'), 'server/main.ts', 'trunks', '-c', konfa.configFile],
      process.cwd(),
    );
    assert.is(await shown.exited, 0, shown.stderr());
    assert.match(
      shown.stdout(),
      /refused by reg\.test:\d+ since .*: 401 user name or password is wrong for the realm "registrar\.test", tried again at/u,
    );
    assert.equal(
      registrar.seen.map(({ credentials }) => credentials),
      ['none', 'wrong'],
      'shown once, and not again while konfa trunks ran',
    );
    assert.is(konfa.output().split('a registrar refuses us').length, 2, 'one line in the log');
    assert.not.match(konfa.output() + shown.stdout(), 'wr0ng-pass');

    changeTrunks(konfa, [
      LOCAL,
      trunk(registrar, { name: 'carrier', user: '908', password: 'right' }),
    ]);
    await registrar.until((each) => each.bindings('908').length === 1);
    const [contact] = registrar.bindings('908');
    assert.match(
      contact ?? '',
      new RegExp(`^sip:[0-9a-f]{32}@127\\.0\\.0\\.1:${konfa.sipPort}$`, 'u'),
    );
    assert.is((await trunkStatus(konfa, 'carrier')).registration?.state, 'registered');
    const before = registrar.keepAlives;
    await registrar.until(({ keepAlives }) => keepAlives >= before + 2);

    const server = { host: '127.0.0.1', port: konfa.sipPort };
    const phone = await startPhone({ server, host: PROVIDER });
    const call = await phone.call(userOf(contact));
    assert.is((await trunkStatus(konfa, 'carrier')).calls, 1);
    changeTrunks(konfa, [LOCAL]);
    await registrar.until((each) => each.bindings('908').length === 0);
    assert.is(registrar.seen.at(-1)?.expires, '0');
    assert.is(await figure(konfa, 'konfa_calls'), 1);
    assert.is((await call.direct('sendrecv')).status, 200, 'it is still heard');
    assert.is(await call.hangUp(), 200);
    phone.close();

    assert.match(
      konfa.output(),
      /"addresses":"trunk \\"carrier\\": 127\.0\.0\.8: SIP 127\.0\.0\.1/u,
    );
    assert.is(await konfa.stop(), 0);
  }));

test('keeps two accounts with one provider apart, and replaces its own bindings after kill -9', () =>
  withProvider({ alice: 'a', bob: 'b' }, async (registrar, dnsServer) => {
    const one = trunk(registrar, { name: 'one', user: 'alice', password: 'a' });
    const two = trunk(registrar, { name: 'two', user: 'bob', password: 'b' });
    const first = await startKonfa({
      config: {
        sip: { dnsServers: [dnsServer] },
        trunks: [LOCAL, one, two],
      },
    });
    const bothBound = (each: TestRegistrar): boolean =>
      each.bindings('alice').length === 1 && each.bindings('bob').length === 1;
    await registrar.until(bothBound);
    const contacts = [...registrar.bindings('alice'), ...registrar.bindings('bob')];
    assert.is(new Set(contacts).size, 2);
    await first.kill();
    const sentBefore = registrar.seen.length;

    const konfa = await startKonfa({ again: first });
    await registrar.until(({ seen }) => {
      const since = seen.slice(sentBefore).filter(({ credentials }) => credentials === 'right');
      return new Set(since.map(({ user }) => user)).size === 2;
    });
    assert.equal([...registrar.bindings('alice'), ...registrar.bindings('bob')], contacts);
    assert.is(new Set(registrar.seen.map(({ callId }) => callId)).size, 4, 'a new Call-ID each');
    assert.not.ok(registrar.seen.some(({ expires }) => expires === '0'));

    assert.is(await konfa.stop(), 0);
    assert.equal([registrar.bindings('alice'), registrar.bindings('bob')], [[], []]);
    assert.equal(
      registrar.seen.slice(-2).map(({ expires }) => expires),
      ['0', '0'],
    );
  }));

test.run();
