import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bindingRequest } from './stun-client.ts';
import { MuxStage } from './mux-stage.ts';

const WIFI = '192.0.2.7 4000';
const MOBILE = '198.51.100.9 5000';
const OTHER = '203.0.113.3 6000';

test('answers a check with the address it came from, signed and with its transaction (RFC 8489 §6.3.1.1)', () => {
  const stage = new MuxStage();
  stage.add(3, 'alfa');

  const answer = stage.check(WIFI, 'alfa');

  assert.equal(answer, {
    type: 'success',
    transaction: '070707070707070707070707',
    mapped: '192.0.2.7 4000',
    errorCode: null,
    unknown: [],
    integrity: 'right',
    fingerprint: 'right',
  });
  assert.equal(stage.told, ['path 3 udp']);
  assert.is(stage.mux.figures.checks, 1);
});

test('answers over IPv6, and never with more than it was asked', () => {
  const stage = new MuxStage();
  stage.add(0, 'a');
  const request = bindingRequest({ localUfrag: 'a', remoteUfrag: 'b', password: 'password-of-a' });

  const [answer] = stage.ports.from('2001:db8::7 4000', request);

  assert.ok(answer !== undefined && answer.length <= request.length);
  // A browser's shortest request (4 + 4 characters) is longer by far: 88 bytes.
  assert.is(answer.length, 76);
  assert.ok(request.length >= 80);
});

test('drops a request that is shorter than its answer would be', () => {
  const stage = new MuxStage();
  stage.add(0, 'a');
  const request = bindingRequest({
    localUfrag: 'a',
    remoteUfrag: 'b',
    password: 'password-of-a',
    bare: 'bare',
    fingerprint: 'absent',
  });

  const answers = stage.ports.from('2001:db8::7 4000', request);

  // 20 header, 8 user name, 24 integrity: 24 bytes less than the answer.
  assert.is(request.length, 52);
  assert.equal(answers, []);
  assert.is(stage.mux.figures.limited, 1);
  assert.is(stage.state(0), 'new');
});

test('accepts a check without a fingerprint, and not one whose fingerprint is wrong', () => {
  const stage = new MuxStage();
  stage.add(0, 'alfa');

  assert.is(stage.check(WIFI, 'alfa', { fingerprint: 'wrong' }), null);
  assert.is(stage.check(WIFI, 'alfa', { fingerprint: 'absent' })?.type, 'success');
});

test('gives no answer without valid integrity, whatever else is wrong', () => {
  const stage = new MuxStage();
  stage.add(0, 'alfa');
  const strange = [{ type: 0x7001, value: Buffer.alloc(4) }];

  assert.is(stage.check(WIFI, 'alfa', { password: 'guessed' }), null);
  assert.is(stage.check(WIFI, 'nobody'), null);
  assert.is(stage.check(WIFI, 'alfa', { password: 'guessed', extra: strange }), null);
  assert.is(stage.check(WIFI, 'alfa', { password: 'guessed', role: 'controlled' }), null);

  assert.equal(stage.ports.sent, []);
  assert.equal(stage.told, []);
  assert.is(stage.mux.figures.badStun, 4);
});

test('answers 487 to a peer that believes it is controlled (RFC 8445 §7.3.1.1)', () => {
  const stage = new MuxStage();
  stage.add(0, 'alfa');

  assert.is(stage.check(WIFI, 'alfa', { role: 'controlled' })?.errorCode, 487);

  assert.is(stage.state(0), 'new');
  assert.is(stage.ports.kept.size, 0);
});

test('answers 420 and 400 to a check that is signed but not understood', () => {
  const stage = new MuxStage();
  stage.add(0, 'alfa');
  const unknown = stage.check(WIFI, 'alfa', { extra: [{ type: 0x7001, value: Buffer.alloc(0) }] });
  const malformed = stage.check(WIFI, 'alfa', {
    extra: [{ type: 0x0025, value: Buffer.alloc(4) }],
  });

  assert.is(unknown?.errorCode, 420);
  assert.equal(unknown?.unknown, [0x7001]);
  assert.is(malformed?.errorCode, 400);
  assert.is(stage.mux.figures.refusedChecks, 2);
});

test('sorts packets of a proven path by their first byte (RFC 7983 §7)', () => {
  const stage = new MuxStage();
  stage.add(5, 'alfa');
  stage.check(WIFI, 'alfa');
  const kinds = Array.from({ length: 256 }, (_, first) => {
    const [told] = stage.packet(WIFI, first);
    return told?.split(' ')[0] ?? 'dropped';
  });
  const runs = kinds.flatMap((kind, at) => (kind === kinds[at - 1] ? [] : [`${at} ${kind}`]));

  assert.equal(runs, ['0 dropped', '20 dtls', '64 dropped', '128 media', '192 dropped']);
  assert.equal(stage.packet(WIFI, 128), ['media 5 80010203 1000']);
  assert.equal(stage.packet(WIFI, 22), ['dtls 5 16010203']);
});

test('drops what comes from strangers', () => {
  const stage = new MuxStage();
  stage.add(0, 'alfa');
  stage.check(WIFI, 'alfa');

  assert.equal(stage.packet('192.0.2.7 4001', 128), []);
  assert.equal(stage.packet(MOBILE, 22), []);
  assert.is(stage.mux.figures.strangers, 2);
});

test('sends over the first valid path before nomination, then over the one nominated last', () => {
  const stage = new MuxStage();
  stage.add(0, 'alfa');
  assert.is(stage.sendsTo(0), null);

  stage.check(WIFI, 'alfa');
  assert.is(stage.sendsTo(0), WIFI);
  stage.check(MOBILE, 'alfa');
  assert.is(stage.sendsTo(0), WIFI);
  stage.nominate(MOBILE, 'alfa');
  assert.is(stage.sendsTo(0), MOBILE);
  stage.check(WIFI, 'alfa');
  assert.is(stage.sendsTo(0), MOBILE);
  stage.nominate(WIFI, 'alfa');
  assert.is(stage.sendsTo(0), WIFI);

  assert.equal(stage.told, ['path 0 udp', 'path 0 udp', 'path 0 udp']);
});

test('takes media from every valid path of a leg', () => {
  const stage = new MuxStage();
  stage.add(0, 'alfa');
  stage.nominate(WIFI, 'alfa');
  stage.check(MOBILE, 'alfa');

  assert.is(stage.packet(MOBILE, 128).length, 1);
  assert.is(stage.packet(WIFI, 128).length, 1);
});

test('goes over to a path that is nominated from a new address (NAT rebinding)', () => {
  const stage = new MuxStage();
  stage.add(0, 'alfa');
  stage.nominate('192.0.2.7 4000', 'alfa');

  stage.nominate('192.0.2.7 4444', 'alfa');

  assert.is(stage.sendsTo(0), '192.0.2.7 4444');
});

test('goes over to another valid path when the nominated one has no checks for 12 s', () => {
  const stage = new MuxStage();
  stage.add(0, 'alfa');
  stage.nominate(WIFI, 'alfa');

  stage.wait(11_000);
  stage.check(MOBILE, 'alfa');
  assert.is(stage.sendsTo(0), WIFI);
  stage.wait(2000);
  stage.check(MOBILE, 'alfa');

  assert.is(stage.sendsTo(0), MOBILE);
});

test('gives a path to the leg whose valid check came last', () => {
  const stage = new MuxStage();
  stage.add(1, 'alfa');
  stage.add(2, 'bravo');
  stage.nominate(WIFI, 'alfa');

  stage.nominate(WIFI, 'bravo');

  assert.is(stage.sendsTo(1), null);
  assert.is(stage.sendsTo(2), WIFI);
  assert.equal(stage.packet(WIFI, 128), ['media 2 80010203 1000']);
});

test('loses consent after 30 s without a check, sends nothing then, and gets it back by a check (RFC 7675 §5.1)', () => {
  const stage = new MuxStage();
  stage.add(0, 'alfa');
  assert.is(stage.state(0), 'new');
  stage.nominate(WIFI, 'alfa');

  stage.wait(29_900);
  assert.is(stage.state(0), 'connected');
  stage.wait(1100);
  assert.is(stage.state(0), 'lost');
  assert.is(stage.sendsTo(0), null);
  stage.check(WIFI, 'alfa');

  assert.is(stage.state(0), 'connected');
  assert.is(stage.sendsTo(0), WIFI);
});

test('media alone keeps no consent', () => {
  const stage = new MuxStage();
  stage.add(0, 'alfa');
  stage.nominate(WIFI, 'alfa');

  for (let second = 0; second < 31; second += 1) {
    stage.wait(1000);
    stage.packet(WIFI, 128);
  }

  assert.is(stage.state(0), 'lost');
});

test('keeps media flowing through an ICE restart on the same path', () => {
  const stage = new MuxStage();
  stage.add(0, 'alfa');
  stage.nominate(WIFI, 'alfa');
  stage.told.length = 0;

  stage.restart(0, 'bravo');
  assert.is(stage.sendsTo(0), WIFI);
  assert.is(stage.packet(WIFI, 128).length, 1);
  assert.is(stage.check(WIFI, 'alfa')?.type, 'success');
  assert.is(stage.check(WIFI, 'bravo')?.type, 'success');

  assert.is(stage.sendsTo(0), WIFI);
  assert.is(stage.packet(WIFI, 128).length, 1);
  // The old credentials have done their duty.
  assert.is(stage.check(WIFI, 'alfa'), null);
});

test('stays on the old path in a restart until one of the new credentials is nominated', () => {
  const stage = new MuxStage();
  stage.add(0, 'alfa');
  stage.nominate(WIFI, 'alfa');

  stage.restart(0, 'bravo');
  stage.check(MOBILE, 'bravo');
  assert.is(stage.sendsTo(0), WIFI);
  assert.is(stage.nominate(WIFI, 'alfa')?.type, 'success');
  stage.nominate(MOBILE, 'bravo');

  assert.is(stage.sendsTo(0), MOBILE);
  assert.is(stage.packet(WIFI, 128).length, 1);
  assert.is(stage.nominate(WIFI, 'alfa'), null);
  assert.is(stage.sendsTo(0), MOBILE);
});

test('ends the old credentials 30 s after a restart', () => {
  const stage = new MuxStage();
  stage.add(0, 'alfa');
  stage.nominate(WIFI, 'alfa');
  stage.restart(0, 'bravo');

  stage.wait(29_000);
  assert.is(stage.check(WIFI, 'alfa')?.type, 'success');
  stage.wait(2000);

  assert.is(stage.check(WIFI, 'alfa'), null);
  assert.is(stage.sendsTo(0), WIFI);
  assert.is(stage.add(1, 'alfa'), 'added');
});

test('a second restart before the first is done keeps the credentials that carry the media', () => {
  const stage = new MuxStage();
  stage.add(0, 'alfa');
  stage.nominate(WIFI, 'alfa');

  stage.restart(0, 'bravo');
  stage.restart(0, 'charlie');

  assert.is(stage.check(WIFI, 'alfa')?.type, 'success');
  assert.is(stage.check(WIFI, 'bravo'), null);
  assert.is(stage.check(WIFI, 'charlie')?.type, 'success');
});

test('the same credentials again are no restart', () => {
  const stage = new MuxStage();
  stage.add(0, 'alfa');
  stage.nominate(WIFI, 'alfa');

  stage.restart(0, 'alfa');
  stage.wait(40_000);

  assert.is(stage.check(WIFI, 'alfa')?.type, 'success');
});

test('refuses a fragment that another leg has', () => {
  const stage = new MuxStage();
  stage.add(0, 'alfa');
  stage.add(1, 'bravo');

  assert.is(stage.add(2, 'alfa'), 'ufrag-taken');
  assert.is(stage.restart(1, 'alfa'), 'ufrag-taken');
  stage.check(WIFI, 'alfa');

  assert.is(stage.state(0), 'connected');
  assert.is(stage.state(1), 'new');
});

test('a removed leg answers no more and leaves nothing behind', () => {
  const stage = new MuxStage();
  stage.add(0, 'alfa');
  stage.nominate(WIFI, 'alfa');
  stage.restart(0, 'bravo');
  stage.check(MOBILE, 'bravo');

  stage.mux.remove(0);

  assert.is(stage.check(WIFI, 'alfa'), null);
  assert.is(stage.check(MOBILE, 'bravo'), null);
  assert.equal(stage.packet(WIFI, 128), []);
  assert.is(stage.sendsTo(0), null);
  assert.is(stage.ports.kept.size, 0);
  assert.is(stage.add(0, 'alfa'), 'added');
  assert.is(stage.sendsTo(0), null);
});

test('a TCP path works like any other, until its connection ends', () => {
  const stage = new MuxStage();
  stage.add(0, 'alfa');
  stage.check(WIFI, 'alfa');
  stage.nominate(`tcp ${MOBILE}`, 'alfa');
  assert.is(stage.sendsTo(0), `tcp ${MOBILE}`);

  stage.ports.disconnect(`tcp ${MOBILE}`);

  assert.is(stage.sendsTo(0), WIFI);
  assert.equal(stage.told, ['path 0 udp', 'path 0 tcp', 'path 0 udp']);
});

test('forgets the path checked longest ago when a leg has more than 16', () => {
  const stage = new MuxStage();
  stage.add(0, 'alfa');
  for (let port = 1; port <= 40; port += 1) {
    stage.wait(100);
    stage.nominate(`192.0.2.7 ${port}`, 'alfa');
  }

  assert.is(stage.ports.kept.size, 16);
  assert.is(stage.sendsTo(0), '192.0.2.7 40');
  assert.equal(stage.packet('192.0.2.7 1', 128), []);
  assert.is(stage.packet('192.0.2.7 39', 128).length, 1);
});

test('forgets spare paths that are not checked for a minute', () => {
  const stage = new MuxStage();
  stage.add(0, 'alfa');
  stage.check(OTHER, 'alfa');
  stage.nominate(WIFI, 'alfa');

  for (let at = 0; at < 13; at += 1) {
    stage.wait(5000);
    stage.check(WIFI, 'alfa');
  }

  assert.equal([...stage.ports.kept.keys()], [WIFI]);
});

test.run();
