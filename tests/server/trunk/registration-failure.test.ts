import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NEVER } from '../../../mixer/protocol/units.ts';
import { seededRandom } from '../sip/sip-lab.ts';
import { begun, DAY_MS, HOUR_MS, MINUTE_MS, rig } from './registration-rig.ts';
import { at, found, reply, SimRegistrar } from './sim-registrar.ts';

test('waits longer after each failure, up to half an hour, and never all alike (RFC 5626 §4.5)', () => {
  const { world, registration } = begun({}, () => reply(500));
  world.advance(DAY_MS);

  const times = world.take().map(({ atMs }) => atMs);
  const gaps = times.slice(1).map((time, index) => (time - (times[index] ?? 0)) / 1000);
  const bounds = [30, 60, 120, 240, 480, 960, 1800, 1800, 1800];
  for (const [index, bound] of bounds.entries()) {
    const gap = gaps[index] ?? 0;
    assert.ok(gap >= bound / 2 - 1 && gap <= bound + 1, `${index}: ${gap}`);
  }
  assert.ok(Math.max(...gaps) <= 1801);
  assert.is(registration.facts().failures, times.length);
  assert.equal(world.takeLog(), ['warn a trunk is not registered'], 'once');
});

test('comes back when the registrar does', () => {
  const { world, registrar, registration } = begun({}, () => 'timeout');
  world.advance(5 * MINUTE_MS);
  assert.is(registration.facts().state, 'failing');
  assert.is(registration.facts().lastError, 'the registrar does not answer');
  assert.is(registration.facts().lastTrouble, 'no-answer');
  world.behave = registrar.behave;
  world.advance(10 * MINUTE_MS);

  assert.is(registration.facts().state, 'registered');
  assert.is(registration.facts().lastError, null);
  assert.is(registration.facts().lastTrouble, null);
  assert.equal(world.takeLog(), ['warn a trunk is not registered', 'info a trunk is registered']);
});

test('waits as long as Retry-After says', () => {
  const { world } = begun({}, () => reply(503, [['Retry-After', '400 (maintenance)']]));
  world.advance(HOUR_MS);

  const times = world.take().map(({ atMs }) => atMs);
  for (const [index, time] of times.slice(1).entries()) {
    const gap = (time - (times[index] ?? 0)) / 1000;
    assert.ok(gap >= 400 && gap <= 441, String(gap));
  }
  assert.ok(times.length >= 8);
});

test('asks the next host at once when one does not answer, refuses to serve or cannot be reached', () => {
  for (const outcome of ['timeout', 'transport', reply(503), reply(500)] as const) {
    const registrar = new SimRegistrar();
    const { world, registration } = rig({}, (request) =>
      request.target.host === '192.0.2.1' ? outcome : registrar.behave(request),
    );
    world.located = found(at('192.0.2.1', { rank: 1 }), at('192.0.2.2', { rank: 2 }));
    world.feed({ type: 'start' });
    world.advance(40_000);

    assert.is(registration.facts().state, 'registered');
    assert.is(registration.facts().destination, 'udp 192.0.2.2:5060');
  }
});

test('stays with the host that holds the binding, and returns to the preferred one when it is there again', () => {
  const registrar = new SimRegistrar();
  let isFirstUp = false;
  const { world, registration } = rig({}, (request) =>
    request.target.host === '192.0.2.1' && !isFirstUp ? 'timeout' : registrar.behave(request),
  );
  world.located = found(at('192.0.2.1', { rank: 1 }), at('192.0.2.2', { rank: 2 }));
  world.feed({ type: 'start' });
  world.advance(MINUTE_MS);
  assert.is(registration.facts().destination, 'udp 192.0.2.2:5060');
  isFirstUp = true;
  world.advance(HOUR_MS);
  assert.is(registration.facts().destination, 'udp 192.0.2.1:5060');

  world.located = found(at('192.0.2.3', { rank: 1 }), at('192.0.2.1', { rank: 1 }));
  world.advance(2 * HOUR_MS);
  assert.is(registration.facts().destination, 'udp 192.0.2.1:5060', 'among equals no change');
});

test('follows a 3xx to another host of the trunk, at once, and to no host that is none of its', () => {
  const registrar = new SimRegistrar();
  let contact = '<sip:192.0.2.3>;q=0.5, <sip:192.0.2.4:5060>;q=0.9';
  const { world, registration } = rig({}, (request) =>
    request.target.host === '192.0.2.1'
      ? reply(302, [['Contact', contact]])
      : registrar.behave(request),
  );
  const hosts = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4'];
  world.located = found(...hosts.map((host, rank) => at(host, { rank })));
  world.feed({ type: 'start' });
  world.advance(1000);
  assert.is(registration.facts().destination, 'udp 192.0.2.4:5060');
  assert.equal(
    world.take().map(({ request }) => request.target.host),
    ['192.0.2.1', '192.0.2.4', '192.0.2.4'],
  );

  contact = '<sip:203.0.113.66>, <sip:192.0.2.3:5999>, <tel:1>';
  const other = rig({}, world.behave);
  other.world.located = world.located;
  other.world.feed({ type: 'start' });
  other.world.advance(1000);
  assert.is(other.registration.facts().destination, 'udp 192.0.2.2:5060', 'the next in order');
});

test('is not sent round in circles by registrars that redirect to each other', () => {
  const { world, registration } = rig({}, ({ target }) =>
    reply(302, [['Contact', `<sip:192.0.2.${target.host === '192.0.2.1' ? 2 : 1}>`]]),
  );
  world.located = found(at('192.0.2.1'), at('192.0.2.2', { rank: 1 }));
  world.feed({ type: 'start' });
  world.advance(1000);

  assert.is(world.take().length, 2);
  assert.is(registration.facts().state, 'failing');
});

test('takes no 200 from somebody who does not know the password, and says so', () => {
  const registrar = new SimRegistrar();
  const { world, registration } = rig({}, (request) => {
    const answer = registrar.behave(request);
    const isFirst = request.target.host === '192.0.2.1';
    if (answer.status === 200 && isFirst) {
      answer.headers.append('authentication-info', 'qop=auth, rspauth="00"');
    }
    return answer;
  });
  world.located = found(at('192.0.2.1'));
  world.feed({ type: 'start' });
  world.advance(1000);
  assert.is(registration.facts().state, 'failing');
  assert.is(registration.facts().lastTrouble, 'wrong-proof');
  assert.equal(world.takeLog(), [
    'warn a registrar does not know our password',
    'warn a trunk is not registered',
  ]);

  world.located = found(at('192.0.2.1'), at('192.0.2.2', { rank: 1 }));
  world.advance(MINUTE_MS);
  assert.is(registration.facts().destination, 'udp 192.0.2.2:5060');
});

test('says when the registrar has no address, when the DNS is away, and goes on with what it knew', () => {
  const { world, registration } = rig();
  world.located = { type: 'none', untilMs: 0 };
  world.feed({ type: 'start' });
  world.advance(1000);
  assert.is(registration.facts().lastError, 'the registrar has no address');
  assert.is(registration.facts().lastTrouble, 'no-address');
  world.located = found(at('192.0.2.1'));
  world.advance(MINUTE_MS);
  assert.is(registration.facts().state, 'registered');

  world.located = { type: 'failed', why: 'A of sip.example.net: ETIMEOUT', untilMs: 0 };
  world.advance(3 * HOUR_MS);
  assert.is(registration.facts().state, 'registered');
  assert.equal(registration.hosts, ['192.0.2.1', '192.0.2.1']);
});

test('warns once when a binding cannot be refreshed, and again when it has run out', () => {
  const { world, registration } = begun();
  world.takeLog();
  world.behave = () => 'timeout';
  world.advance(59 * MINUTE_MS + 50_000);
  assert.is(registration.facts().state, 'registered');
  assert.equal(world.takeLog(), ['warn a registration is not refreshed']);
  world.advance(MINUTE_MS);

  assert.is(registration.facts().state, 'failing');
  assert.is(registration.facts().registeredUntilMs, null);
  assert.equal(world.takeLog(), ['warn a trunk is not registered']);
});

test('agrees with the registrar in the end, whatever the network and the registrar do', () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const random = seededRandom(seed);
    const registrar = new SimRegistrar();
    const { world, registration } = rig(
      { expirySeconds: 60 + random.integer(600) },
      (request) => {
        const luck = random.integer(10);
        if (luck === 0) return 'timeout';
        if (luck === 1) return 'transport';
        if (luck === 2) return reply(500 + random.integer(5));
        if (luck === 3) {
          registrar.behave(request);
          return 'timeout';
        }
        if (luck === 4) {
          registrar.oldNonces.add(registrar.nonce);
          registrar.nonce = `nonce-${random.integer(1_000_000)}`;
        }
        return registrar.behave(request);
      },
      seed,
    );
    world.located = found(at('192.0.2.1'), at('192.0.2.2', { transport: 'tcp', rank: 1 }));
    registrar.minExpiresS = random.integer(400);
    registrar.maxExpiresS = registrar.minExpiresS + 30 + random.integer(4000);
    world.feed({ type: 'start' });
    for (let turn = 0; turn < 40; turn += 1) {
      world.advance(random.integer(10 * MINUTE_MS));
      if (random.integer(4) === 0) {
        world.feed({ type: 'flow-closed', flowId: 'out-tcp-192.0.2.2:5060' });
      }
    }
    world.behave = registrar.behave;
    world.advance(2 * HOUR_MS);
    assert.is(registration.facts().state, 'registered', `seed ${seed}`);
    world.feed({ type: 'stop' });
    world.advance(3000);

    assert.ok(world.isStopped, `seed ${seed}`);
    assert.is(registration.deadlineMs, NEVER);
    assert.ok(world.isQuiet);
  }
});

test.run();
