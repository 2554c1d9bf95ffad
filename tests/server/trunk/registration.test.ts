import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NEVER } from '../../../mixer/protocol/units.ts';
import { begun, DAY_MS, HOUR_MS, MINUTE_MS, rig } from './registration-rig.ts';
import { at, found, headerOf, reply } from './sim-registrar.ts';
import type { RegistrarWorld } from './sim-registrar.ts';

function cseqs(world: RegistrarWorld): readonly string[] {
  return world.take().map(({ request }) => headerOf(request, 'CSeq'));
}

test('registers after one challenge, by MD5 and by SHA-256 (RFC 8760)', () => {
  for (const algorithm of ['MD5', 'SHA-256'] as const) {
    const { world, registrar, registration } = rig();
    registrar.algorithm = algorithm;
    world.feed({ type: 'start' });
    world.advance(1000);

    assert.is(registration.facts().state, 'registered');
    assert.is(registrar.challenges, 1);
    const sent = world.take();
    assert.equal(
      sent.map(({ request }) => headerOf(request, 'CSeq')),
      ['1 REGISTER', '2 REGISTER'],
    );
    const ids = new Set(sent.map(({ request }) => headerOf(request, 'Call-ID')));
    assert.is(ids.size, 1, 'one Call-ID (RFC 3261 §10.2)');
    assert.is(sent[0]?.request.uri, 'sip:sip.example.net');
    const [first] = sent;
    assert.ok(first);
    assert.is(headerOf(first.request, 'To'), '<sip:alice@sip.example.net>');
    assert.equal(world.takeLog(), ['info a trunk is registered']);
  }
});

test('has a Contact that tells the trunk and cannot be guessed, the same after a new start', () => {
  const { registrar, registration } = begun();
  const again = begun({}, undefined, 99);
  const other = begun({ password: 'other' });

  assert.match(registration.contactUser, /^[0-9a-f]{32}$/u);
  assert.equal(
    [...registrar.bindings.keys()],
    [`sip:${registration.contactUser}@198.51.100.5:5060`],
  );
  assert.is(again.registration.contactUser, registration.contactUser);
  assert.is.not(other.registration.contactUser, registration.contactUser);
});

test('refreshes for a day before the binding ever runs out, with one line in the log', () => {
  const { world, registrar, registration } = begun();
  world.takeLog();
  const first = world.take().at(-1);
  world.advance(DAY_MS);

  const times = [first?.atMs ?? 0, ...world.take().map(({ atMs }) => atMs)];
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  assert.ok(gaps.length >= 26 && gaps.length <= 32, String(gaps.length));
  for (const gap of gaps) assert.ok(gap > 2_800_000 && gap < 3_540_000, String(gap));
  assert.ok(new Set(gaps).size > 5, 'with jitter');
  assert.is(registrar.challenges, 1, 'credentials go along at once');
  assert.is(registration.facts().state, 'registered');
  assert.equal(world.takeLog(), []);
});

test('keeps to the time that the registrar grants, of our Contact before Expires', () => {
  const { contactUser } = rig().registration;
  const rows: readonly (readonly [readonly (readonly [string, string])[], number])[] = [
    [
      [
        ['Contact', `<sip:${contactUser}@198.51.100.5:5060>;expires=120`],
        ['Expires', '900'],
      ],
      120,
    ],
    [
      [
        ['Contact', '<sip:x@y>;expires=60'],
        ['Contact', `<sip:${contactUser}@z>;q=1;EXPIRES="300"`],
      ],
      300,
    ],
    [[['Contact', '<sip:rewritten@y>;expires=77']], 77],
    [
      [
        ['Contact', '<sip:x@y>;expires=60, <sip:z@y>;expires=70'],
        ['Expires', '900'],
      ],
      900,
    ],
    [
      [
        ['Contact', '<<<broken'],
        ['Expires', '901'],
      ],
      901,
    ],
    [[], 3600],
    [[['Expires', '99999999']], 604_800],
  ];
  for (const [lines, grantedS] of rows) {
    const { world, registration } = begun({}, () => reply(200, lines));
    const { registeredUntilMs } = registration.facts();
    assert.is(Math.round(((registeredUntilMs ?? 0) - 30) / 1000), grantedS);
    world.take();
    world.advance(grantedS * 1000 - 31);
    assert.ok(world.take().length >= 1, 'refreshed before');
  }
});

test('asks for the time that a 423 wants, and keeps asking for it (RFC 3261 §10.2.8)', () => {
  const { world, registrar, registration } = rig({ expirySeconds: 60 });
  registrar.minExpiresS = 600;
  world.feed({ type: 'start' });
  world.advance(1000);

  assert.is(registration.facts().state, 'registered');
  assert.equal(
    world.take().map(({ request }) => headerOf(request, 'Expires')),
    ['60', '60', '600'],
  );
  world.advance(HOUR_MS);
  assert.ok(world.take().every(({ request }) => headerOf(request, 'Expires') === '600'));
});

test('does not argue with a 423 that wants nothing longer', () => {
  const { world, registration } = begun({}, () => reply(423, [['Min-Expires', '60']]));

  assert.is(world.take().length, 1);
  assert.is(registration.facts().state, 'failing');
});

test('goes on with a new nonce when the old one is stale or has changed', () => {
  const { world, registrar, registration } = begun();
  world.take();
  registrar.oldNonces.add('nonce-1');
  registrar.nonce = 'nonce-2';
  world.advance(HOUR_MS);
  assert.is(registrar.challenges, 2);
  registrar.nonce = 'nonce-3';
  world.advance(HOUR_MS);

  assert.is(registrar.challenges, 3);
  assert.is(registration.facts().state, 'registered');
});

test('stops at a wrong password, says so without it, and asks rarely', () => {
  const { world, registrar, registration } = begun({ password: 'wr0ng-pass' });

  assert.is(registration.facts().state, 'refused');
  assert.is(registrar.challenges, 2);
  const [line] = world.logs;
  assert.ok(line);
  assert.is(line.level, 'error');
  assert.is(line.facts['reason'], 'user name or password is wrong for the realm "sip.example.net"');
  assert.is(line.facts['status'], 401);
  assert.is(registration.facts().lastTrouble, 'wrong-credentials');
  assert.not.match(JSON.stringify([world.logs, registration, registration.facts()]), 'wr0ng-pass');
  world.takeLog();
  world.take();
  world.advance(DAY_MS);
  const tries = world.take().map(({ request }) => headerOf(request, 'Authorization') !== '');
  assert.ok(tries.length >= 48 && tries.length <= 100, String(tries.length));
  assert.is(tries.filter((shown) => shown).length, tries.length / 2, 'once in each try');
  assert.equal(world.takeLog(), [], 'nothing has changed');
});

test('tells a realm that the password is not for', () => {
  const { world, registration } = begun({ realm: 'other.example' });

  assert.is(world.take().length, 1);
  assert.is(
    registration.facts().lastError,
    'it asks for the realm "sip.example.net", the settings are for "other.example"',
  );
  assert.is(registration.facts().lastTrouble, 'other-realm');
});

test('does not go round with a registrar that asks without end', () => {
  let nonce = 0;
  const { world, registration } = begun({}, () => {
    nonce += 1;
    return reply(401, [['WWW-Authenticate', `Digest realm="r", nonce="${nonce}", stale=true`]]);
  });

  assert.ok(world.take().length <= 6);
  assert.is(registration.facts().state, 'refused');
});

test('registers anew when the connection breaks: soon when it had lasted, with patience when not', () => {
  const { world, registrar, registration } = rig();
  world.located = found(at('192.0.2.1', { transport: 'tcp' }));
  world.feed({ type: 'start' });
  world.advance(5 * MINUTE_MS);
  world.take();
  const flowId = 'out-tcp-192.0.2.1:5060';
  world.feed({ type: 'flow-closed', flowId: 'out-tcp-192.0.2.9:5060' });
  assert.is(registration.facts().state, 'registered', 'somebody else');

  world.feed({ type: 'flow-closed', flowId });
  assert.is(registration.facts().state, 'failing');
  world.advance(4000);
  assert.is(registration.facts().state, 'registered');
  assert.is(world.take().length, 1);

  world.feed({ type: 'flow-closed', flowId });
  world.advance(4000);
  assert.is(world.take().length, 0, 'it broke within 2 min');
  world.advance(30_000);
  assert.is(registration.facts().state, 'registered');
  assert.is(registrar.bindings.size, 1);
});

test('registers its new address and takes the old one back', () => {
  const { world, registrar, registration, own } = begun();
  own.host = '198.51.100.77';
  world.advance(61_000);

  assert.equal(
    [...registrar.bindings.keys()],
    [`sip:${registration.contactUser}@198.51.100.77:5060`],
  );
  own.host = '2001:db8::5';
  world.feed({ type: 'address-changed' });
  world.advance(1000);
  assert.equal(
    [...registrar.bindings.keys()],
    [`sip:${registration.contactUser}@[2001:db8::5]:5060`],
  );
});

test('leaves a registrar that refuses it alone, whatever else happens', () => {
  const { world, registration, own, registrar } = begun();
  registrar.password = 'changed';
  registrar.nonce = 'nonce-2';
  world.advance(HOUR_MS - MINUTE_MS);
  assert.is(registration.facts().state, 'refused');
  world.take();

  own.host = '198.51.100.77';
  world.feed({ type: 'address-changed' });
  world.feed({ type: 'flow-closed', flowId: 'out-udp-192.0.2.1:5060' });
  world.feed({ type: 'host-changed', destination: 'udp 192.0.2.1:5060', state: 'up' });
  world.advance(20 * MINUTE_MS);

  assert.ok(world.take().length <= 2, 'the long wait goes on');
});

test('keeps the flow of its binding awake, until it ends, moves or breaks', () => {
  const { world, registration } = rig();
  const [tcp, udp] = ['out-tcp-192.0.2.1:5060', 'out-udp-192.0.2.2:5060'];
  world.located = found(at('192.0.2.1', { transport: 'tcp' }));
  world.feed({ type: 'start' });
  assert.equal(world.awake, []);
  world.advance(3 * HOUR_MS);
  assert.equal(world.awake, [tcp], 'once, however often it is refreshed');

  world.feed({ type: 'flow-closed', flowId: tcp });
  assert.equal(world.awake, []);
  world.advance(MINUTE_MS);
  assert.equal(world.awake, [tcp]);

  world.located = found(at('192.0.2.2'));
  world.advance(HOUR_MS);
  assert.is(registration.facts().destination, 'udp 192.0.2.2:5060');
  assert.equal(world.awake, [udp]);
  world.feed({ type: 'stop' });
  world.advance(3000);
  assert.equal(world.awake, []);
});

test('tells what became of its requests: only silence, 408 and 503 are failures', () => {
  const rows = [
    [200, 'served'],
    [403, 'served'],
    [500, 'served'],
    [503, 'failed'],
    [408, 'failed'],
  ] as const;
  for (const [status, outcome] of rows) {
    const { world } = begun({}, () => reply(status));
    assert.equal(world.heard, [`udp 192.0.2.1:5060 ${outcome}`], String(status));
  }
  const { world } = begun({}, () => 'timeout');
  world.advance(33_000);
  assert.is(world.heard[0], 'udp 192.0.2.1:5060 failed');
});

test('takes its binding back when it is stopped, answering a challenge', () => {
  const { world, registrar, registration } = begun();
  registrar.oldNonces.add('nonce-1');
  registrar.nonce = 'nonce-2';
  world.take();
  world.feed({ type: 'stop' });
  world.advance(100);

  assert.ok(world.isStopped);
  assert.is(registrar.bindings.size, 0);
  assert.ok(world.take().every(({ request }) => headerOf(request, 'Expires') === '0'));
  assert.is(registration.deadlineMs, NEVER);
  assert.equal(world.takeLog(), [
    'info a trunk is registered',
    'info a registration is taken back',
  ]);
});

test('gives the registrar that it is bound at 8 s to take it back: five copies by UDP', () => {
  const { world, registration } = begun();
  world.behave = () => 'timeout';
  world.feed({ type: 'stop' });
  world.advance(7999);
  assert.not.ok(world.isStopped);
  world.advance(1);

  assert.ok(world.isStopped);
  assert.is(registration.deadlineMs, NEVER);
});

test('is stopped as soon as the registrar has taken it back', () => {
  const { world } = begun();
  world.feed({ type: 'stop' });
  world.advance(100);

  assert.ok(world.isStopped);
});

test('waits 2 s at most for a registrar that was silent before it was stopped', () => {
  const { world } = begun();
  world.behave = () => 'timeout';
  const isFailing = () => world.logs.some(({ message }) => message.endsWith('is not refreshed'));
  for (let waitedMs = 0; waitedMs < HOUR_MS && !isFailing(); waitedMs += 1000) world.advance(1000);
  world.feed({ type: 'stop' });
  world.advance(1999);
  assert.not.ok(world.isStopped);
  world.advance(1);

  assert.ok(world.isStopped);
});

test('is stopped at once when there is nothing to take back, and takes back what may be on its way', () => {
  const idle = begun({}, () => reply(403));
  idle.world.take();
  idle.world.feed({ type: 'stop' });
  assert.ok(idle.world.isStopped);
  assert.is(idle.world.take().length, 0);

  const asking = begun({}, () => 'timeout');
  assert.equal(cseqs(asking.world), ['1 REGISTER']);
  asking.world.feed({ type: 'stop' });
  assert.equal(cseqs(asking.world), ['2 REGISTER']);
});

test('notes where the registrar sees us, and says once that a NAT is between', () => {
  const via = (parameters: string) => `SIP/2.0/UDP 198.51.100.5:5060;branch=z9hG4bK1${parameters}`;
  let parameters = ';received=203.0.113.9;rport=1024';
  const { world, registration } = begun({}, () =>
    reply(200, [
      ['Via', via(parameters)],
      ['Expires', '60'],
    ]),
  );
  assert.is(registration.facts().seenAs, '203.0.113.9:1024');
  world.advance(10 * MINUTE_MS);
  assert.equal(world.takeLog(), [
    'info there is a NAT between us and the registrar',
    'info a trunk is registered',
  ]);

  parameters = ';received=198.51.100.5;rport=5060';
  world.advance(MINUTE_MS);
  assert.is(registration.facts().seenAs, null);
});

test.run();
