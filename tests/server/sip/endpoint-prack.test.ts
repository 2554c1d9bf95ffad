import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NEVER } from '../../../mixer/protocol/units.ts';
import { PEER_TCP_FLOW, SDP, SipLab, toTagOf } from './sip-lab.ts';
import type { RequestText, Sent } from './sip-lab.ts';

const RELIABLY: RequestText = { method: 'INVITE', body: SDP, lines: ['Supported: 100rel'] };

/** An endpoint that has rung, reliably when the INVITE lets it. */
function ringing(parts: RequestText = RELIABLY): { readonly lab: SipLab; readonly ring: Sent } {
  const lab = new SipLab();
  lab.request(parts);
  lab.take();
  lab.command({ type: 'ring', dialogId: lab.dialogId });
  return { lab, ring: lab.takeOne() };
}

/** PRACK of a provisional answer. */
function prack(ring: Sent, parts: Partial<RequestText> = {}): RequestText {
  const rack = `RAck: ${ring.message.headers.first('rseq') ?? ''} 1 INVITE`;
  return { method: 'PRACK', cseq: 2, toTag: toTagOf(ring), lines: [rack], ...parts };
}

for (const line of ['Supported: 100rel', 'Require: 100rel', 'k: timer, 100REL']) {
  test(`rings reliably for a peer with ${line}`, () => {
    const { ring } = ringing({ ...RELIABLY, lines: [line] });

    assert.is(ring.name, '180');
    assert.is(ring.message.headers.first('require'), '100rel');
    assert.match(ring.message.headers.first('rseq') ?? '', /^[1-9]\d*$/);
    assert.is(ring.message.headers.first('contact'), '<sip:192.0.2.10:5060>');
  });
}

test('rings plainly for a peer that does not know 100rel', () => {
  const { lab, ring } = ringing({ method: 'INVITE', body: SDP });

  assert.is(ring.message.headers.first('rseq'), undefined);
  lab.advance(10_000);
  assert.equal(lab.takeNames(), []);
});

test('begins RSeq by chance', () => {
  const seen = new Set<string>();
  const lab = new SipLab();
  for (let i = 0; i < 20; i += 1) {
    lab.request({ ...RELIABLY, callId: `c${i}`, fromTag: `f${i}`, branch: `z9hG4bK-${i}` });
    lab.command({ type: 'ring', dialogId: lab.dialogId });
    seen.add(lab.take().at(-1)?.message.headers.first('rseq') ?? '');
  }

  assert.ok(seen.size > 18);
});

test('rings plainly when the INVITE has no offer, and not at all when it requires 100rel (RFC 3262 §5)', () => {
  const plain = ringing({ method: 'INVITE', lines: ['Supported: 100rel'] });
  const lab = new SipLab();
  lab.request({ method: 'INVITE', lines: ['Require: 100rel'] });
  lab.take();

  lab.command({ type: 'ring', dialogId: lab.dialogId });

  assert.is(plain.ring.message.headers.first('rseq'), undefined);
  assert.equal(lab.takeNames(), []);
  lab.answer();
  assert.is(lab.takeOne().name, '200');
});

for (const [transport, flow] of [
  ['udp', undefined],
  ['tcp', PEER_TCP_FLOW],
] as const) {
  test(`repeats a reliable 180 by ${transport} every T1, doubling without a bound, until PRACK (RFC 3262 §3)`, () => {
    const lab = new SipLab();
    lab.request(RELIABLY, flow);
    lab.command({ type: 'ring', dialogId: lab.dialogId });
    const ring = lab.take().at(-1);
    assert.ok(ring);

    lab.advance(20_000);
    const again = lab.take();
    lab.request(prack(ring), flow);
    lab.advance(60_000);

    assert.equal(
      again.map((each) => each.atMs),
      [500, 1500, 3500, 7500, 15_500],
    );
    assert.ok(again.every((each) => each.text === ring.text));
    assert.equal(lab.takeNames(), ['200']);
  });
}

test('gives up with 504 when no PRACK comes in 64*T1, and tells the call', () => {
  const { lab } = ringing();

  lab.advance(32_000);

  assert.equal(
    lab.take().map((each) => `${each.name}@${each.atMs}`),
    ['180@500', '180@1500', '180@3500', '180@7500', '180@15500', '180@31500', '504@32000'],
  );
  assert.equal(lab.eventTypes, ['invite', 'cancelled']);
  lab.advance(60_000);
  assert.is(lab.endpoint.deadlineMs, NEVER);
});

/** PRACKs that match nothing. */
for (const [name, change] of [
  ['another RSeq', { lines: ['RAck: 7 1 INVITE'] }],
  ['another CSeq', 'cseq'],
  ['another method', 'method'],
  ['no RAck', { lines: [] }],
  ['a RAck that cannot be read', { lines: ['RAck: x'] }],
] as const) {
  test(`refuses a PRACK with ${name} with 481 and goes on ringing`, () => {
    const { lab, ring } = ringing();
    const rseq = ring.message.headers.first('rseq') ?? '';
    const changed =
      change === 'cseq'
        ? { lines: [`RAck: ${rseq} 2 INVITE`] }
        : change === 'method'
          ? { lines: [`RAck: ${rseq} 1 UPDATE`] }
          : change;

    lab.request(prack(ring, changed));

    assert.is(lab.takeOne().name, '481');
    lab.advance(500);
    assert.is(lab.takeOne().name, '180');
    lab.request(prack(ring, { cseq: 3 }));
    assert.is(lab.takeOne().name, '200');
  });
}

test('answers a PRACK that comes again with the same 200, and a second PRACK with 481', () => {
  const { lab, ring } = ringing();
  lab.request(prack(ring));
  const ok = lab.takeOne();

  lab.request(prack(ring));
  assert.is(lab.takeOne().text, ok.text);
  lab.request(prack(ring, { cseq: 3 }));

  assert.is(lab.takeOne().name, '481');
});

test('sends no second reliable answer while one waits, and the next RSeq after', () => {
  const { lab, ring } = ringing();

  lab.command({ type: 'ring', dialogId: lab.dialogId });
  assert.equal(lab.takeNames(), []);
  lab.request(prack(ring));
  lab.take();
  lab.command({ type: 'ring', dialogId: lab.dialogId });

  const second = lab.takeOne();
  const [a, b] = [ring, second].map((each) => Number(each.message.headers.first('rseq')));
  assert.is(b, (a ?? 0) + 1);
});

test('answers before the PRACK, which repeats no 180 and still takes the PRACK (RFC 3262 §3)', () => {
  const { lab, ring } = ringing();

  lab.answer();
  assert.is(lab.takeOne().name, '200');
  lab.advance(400);
  lab.request({ method: 'ACK', branch: 'z9hG4bK-ack', toTag: toTagOf(ring) });
  lab.advance(60_000);
  assert.equal(lab.takeNames(), []);
  lab.request(prack(ring));

  assert.is(lab.takeOne().name, '200');
  lab.request(prack(ring, { cseq: 3 }));
  assert.is(lab.takeOne().name, '481');
  assert.equal(lab.eventTypes, ['invite', 'established']);
});

test('refuses an offer in the PRACK with 488, since ours is not given yet, but takes the PRACK', () => {
  const { lab, ring } = ringing();

  lab.request(prack(ring, { body: SDP }));
  assert.is(lab.takeOne().name, '488');
  lab.advance(60_000);

  assert.equal(lab.takeNames(), [], 'the 180 is acknowledged');
});

test('refuses a PRACK outside of any dialog with 481', () => {
  const lab = new SipLab();

  lab.request({ method: 'PRACK', lines: ['RAck: 1 1 INVITE'], toTag: 'none' });

  assert.is(lab.takeOne().name, '481');
});

for (const [name, act, sent] of [
  [
    'CANCEL',
    (lab: SipLab) => lab.request({ method: 'CANCEL', branch: 'z9hG4bK-INVITE-1' }),
    ['200', '487'],
  ],
  ['reject', (lab: SipLab) => lab.reject(486), ['486']],
  ['hang-up', (lab: SipLab) => lab.hangUp(), ['480']],
] as const) {
  test(`ends an unacknowledged ring by ${name} and repeats it no more`, () => {
    const { lab } = ringing();

    act(lab);
    assert.equal(lab.takeNames(), sent);
    lab.request({ method: 'ACK', branch: 'z9hG4bK-INVITE-1', toTag: 'x' });
    lab.advance(120_000);

    assert.equal(lab.takeNames(), []);
    assert.is(lab.endpoint.deadlineMs, NEVER);
  });
}

test.run();
