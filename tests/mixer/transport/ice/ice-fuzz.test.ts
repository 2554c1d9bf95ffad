import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MuxStage } from './mux-stage.ts';
import { seededRandom } from './seeded-random.ts';
import { bindingRequest, readAnswer } from './stun-client.ts';

const FUZZED_PACKETS = 100_000;
const PEER = '192.0.2.7 4000';

/** A packet that is nearly right: a real check with bytes changed, cut off, put in, or nothing but noise. */
function mutated(random: () => number): Buffer {
  const check = bindingRequest({
    localUfrag: random() < 0.9 ? 'alfa' : 'nobody',
    password: 'guessed',
    nominates: random() < 0.5,
    role: random() < 0.8 ? 'controlling' : 'controlled',
    extra: random() < 0.3 ? [{ type: Math.floor(random() * 0x10000), value: Buffer.alloc(5) }] : [],
  });
  const pick = random();
  const at = Math.floor(random() * check.length);
  if (pick < 0.1) return Buffer.alloc(Math.floor(random() * 1500), Math.floor(random() * 256));
  if (pick < 0.3) return check.subarray(0, at);
  if (pick < 0.5)
    return Buffer.concat([check.subarray(0, at), Buffer.alloc(4), check.subarray(at)]);
  const changes = 1 + Math.floor(random() * 4);
  for (let change = 0; change < changes; change += 1)
    check[Math.floor(random() * check.length)] = Math.floor(random() * 256);
  // Half of them with a length that is right, so that more than the header is looked at.
  if (random() < 0.5) check.writeUInt16BE(check.length - 20, 2);
  return check;
}

test(`answers none of ${FUZZED_PACKETS} malformed or unsigned packets, throws at none, and the leg goes on`, () => {
  const random = seededRandom(20);
  const stage = new MuxStage();
  stage.add(0, 'alfa');
  stage.nominate(PEER, 'alfa');
  const before = stage.ports.sent.length;

  for (let each = 0; each < FUZZED_PACKETS; each += 1) {
    // Slow enough that most are not turned away by their number alone.
    stage.ports.nowMs += 20;
    const from = random() < 0.5 ? PEER : `203.0.113.${Math.floor(random() * 250)} 999`;
    stage.ports.from(from, mutated(random));
    if (each % 500 === 0) stage.check(PEER, 'alfa');
  }

  const answers = stage.ports.sent.slice(before);
  assert.is(answers.length, FUZZED_PACKETS / 500);
  assert.is(stage.state(0), 'connected');
  assert.is(stage.sendsTo(0), PEER);
  assert.is(stage.ports.kept.size, 1);
  assert.ok(stage.mux.figures.badStun > FUZZED_PACKETS / 2);
});

test('answers signed checks of every make with no more than they said', () => {
  const random = seededRandom(21);
  const stage = new MuxStage();
  stage.add(0, 'alfa');
  let answered = 0;

  for (let each = 0; each < 5000; each += 1) {
    stage.ports.nowMs += 20;
    const extra = Array.from({ length: Math.floor(random() * 12) }, () => ({
      type: Math.floor(random() * 0x10000),
      value: Buffer.alloc(Math.floor(random() * 9)),
    }));
    const request = bindingRequest({
      localUfrag: 'alfa',
      password: 'password-of-alfa',
      extra,
      role: random() < 0.5 ? 'controlled' : 'none',
      ...(random() < 0.5 ? { bare: 'bare' } : {}),
    });
    const peer = random() < 0.5 ? PEER : '2001:db8::7 4000';
    for (const answer of stage.ports.from(peer, request)) {
      answered += 1;
      assert.ok(answer.length <= request.length);
      assert.is(readAnswer(answer, 'password-of-alfa').integrity, 'right');
    }
  }

  assert.ok(answered > 3000, `${answered} answered`);
});

test('a flood with a known fragment and wrong signatures is looked at 50 times a second for one address', () => {
  const stage = new MuxStage();
  stage.add(0, 'alfa');
  stage.nominate(PEER, 'alfa');

  for (let each = 0; each < 1000; each += 1)
    stage.check(`203.0.113.3 ${each}`, 'alfa', { password: 'guessed' });

  assert.is(stage.mux.figures.badStun, 50);
  assert.is(stage.mux.figures.limited, 950);
  assert.is(stage.check(PEER, 'alfa')?.type, 'success');
});

test('a flood from many addresses does not end the consent of a call that goes on (RFC 7675)', () => {
  const stage = new MuxStage();
  stage.add(0, 'alfa');
  stage.nominate(PEER, 'alfa');

  for (let second = 0; second < 40; second += 1) {
    for (let each = 0; each < 300; each += 1)
      stage.check(`203.0.${each >> 8}.${each & 255} 9`, 'alfa', { password: 'guessed' });
    if (second % 4 === 0) assert.is(stage.check(PEER, 'alfa')?.type, 'success', `${second} s`);
    stage.wait(1000);
  }

  assert.is(stage.state(0), 'connected');
});

test('a flood from many addresses is looked at 100 times a second for one leg, and others are not disturbed', () => {
  const stage = new MuxStage();
  stage.add(0, 'alfa');
  stage.add(1, 'bravo');

  for (let each = 0; each < 1000; each += 1)
    stage.check(`203.0.${each >> 8}.${each & 255} 9`, 'alfa', { password: 'guessed' });

  assert.is(stage.mux.figures.badStun, 100);
  assert.is(stage.check(PEER, 'bravo')?.type, 'success');
  assert.is(stage.check(PEER, 'alfa'), null);
  stage.wait(1000);
  assert.is(stage.check(PEER, 'alfa')?.type, 'success');
});

test('a peer behind the address of a flood keeps the path that it has proven', () => {
  const stage = new MuxStage();
  stage.add(0, 'alfa');
  stage.nominate('203.0.113.3 4000', 'alfa');
  for (let each = 0; each < 60; each += 1)
    stage.check(`203.0.113.3 ${each}`, 'alfa', { password: 'guessed' });

  assert.is(stage.check('203.0.113.3 4001', 'alfa'), null);
  assert.is(stage.check('203.0.113.3 4000', 'alfa')?.type, 'success');
});

test.run();
