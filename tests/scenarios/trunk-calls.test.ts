import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inWorld } from '../support/sim-scenario.ts';
import type { SimWorld } from '../support/sim-world.ts';
import { header, responseTo, uriOf, writeSip } from '../support/sip-text.ts';

const PROVIDER = '192.0.2.8';

function trunk(name: string, password: string, maxCalls: number): object {
  const register = { server: PROVIDER, user: '908', password };
  return { name, register, pingSeconds: 0, onNet: true, maxCalls };
}

/** Two accounts with one provider, for the same number. */
const SETTINGS = {
  sip: { externalAddress: [{ network: '192.0.2.0/24', address: '203.0.113.7' }] },
  trunks: [
    { name: 'local', allowFrom: ['127.0.0.0/8'], onNet: true },
    trunk('one', 'a', 5),
    trunk('two', 'b', 1),
  ],
};

/** Lets both register. Comes back with the user parts of their Contacts. */
async function registered(world: SimWorld): Promise<readonly [string, string]> {
  await world.run(100);
  const registers = world.strays.filter(({ method }) => method === 'REGISTER');
  for (const request of registers) world.sendSip(PROVIDER, responseTo(request, '200 OK', 'reg'));
  await world.run(100);
  const contacts = registers.map((request) => uriOf(header(request, 'contact')));
  for (const contact of contacts) assert.match(contact, /^sip:[0-9a-f]{32}@203\.0\.113\.7:5060$/u);
  const [one = '', two = ''] = contacts.map((contact) => contact.slice(4, 36));
  return [one, two];
}

function options(user: string): string {
  return writeSip(`OPTIONS sip:${user}@203.0.113.7 SIP/2.0`, [
    ['Via', 'SIP/2.0/UDP 192.0.2.8;rport;branch=z9hG4bKo1'],
    ['From', '<sip:x@reg.test>;tag=o1'],
    ['To', `<sip:${user}@203.0.113.7>`],
    ['Call-ID', 'o1'],
    ['CSeq', '1 OPTIONS'],
    ['Max-Forwards', '70'],
  ]);
}

test('a call to the Contact of a registration comes over its trunk, and counts there', () =>
  inWorld(async (world) => {
    const [one, two] = await registered(world);

    const calls = [one, two, one, two].map((user) => world.call(user, { host: PROVIDER }));
    await world.run(200);
    const loads = world.app.switchboard.trunkLoads().map(({ trunk, calls: now }) => {
      return [trunk.name, now];
    });
    for (const call of calls) call.hangUp();
    await world.run(500);

    assert.equal(
      calls.map(({ status }) => status),
      [200, 200, 200, 503],
      'the limit of the second trunk is one call',
    );
    assert.equal(loads, [
      ['local', 0],
      ['one', 2],
      ['two', 1],
    ]);
    assert.equal(
      world
        .records()
        .filter(({ answerAtMs }) => answerAtMs !== null)
        .map((each) => each.trunk)
        .sort(),
      ['one', 'one', 'two'],
    );
  }, SETTINGS));

test('a stranger who knows a Contact is a stranger', () =>
  inWorld(async (world) => {
    const [one] = await registered(world);

    const before = world.strays.length;
    world.sendSip('192.0.2.99', options(one));
    await world.run(2000);
    const toStranger = world.strays.length - before;
    world.sendSip(PROVIDER, options(one));
    await world.run(2000);

    assert.is(toStranger, 0);
    assert.is(world.strays.at(-1)?.status, 200, 'the provider is answered the same request');
  }, SETTINGS));

test('a call to anything else comes over the trunk of the address', () =>
  inWorld(async (world) => {
    await registered(world);

    const [known, local] = [world.call('908', { host: PROVIDER }), world.call('908')];
    await world.run(200);
    const loads = world.app.switchboard.trunkLoads().map(({ calls }) => calls);
    for (const call of [known, local]) call.hangUp();
    await world.run(500);

    assert.equal(loads, [1, 1, 0]);
  }, SETTINGS));

test.run();
