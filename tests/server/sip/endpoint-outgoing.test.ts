import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CALL, udpTarget } from './calling-lab.ts';
import { PEER_FLOW, responseText, SDP, SipLab } from './sip-lab.ts';
import type { RequestText, Sent } from './sip-lab.ts';

/** Calls the peer of the laboratory and returns the INVITE. */
function call(lab: SipLab): Sent {
  const targets = [udpTarget(PEER_FLOW.remoteHost, PEER_FLOW.remotePort)];
  lab.command({ type: 'call', dialogId: 'd1', call: { ...CALL, targets } });
  return lab.takeOne();
}

/** Header lines of a request that the peer sends within the dialog of an INVITE of ours. */
function peerRequest(lab: SipLab, invite: Sent, parts: RequestText): void {
  const { headers } = invite.message;
  const [, localTag = ''] = /;tag=(\w+)/.exec(headers.first('from') ?? '') ?? [];
  const callId = headers.first('call-id') ?? '';
  lab.request({ fromTag: 'bob', toTag: localTag, callId, ...parts });
}

const BOB = { toTag: 'bob', lines: ['Contact: <sip:bob@198.51.100.7:5070>'] } as const;
const BOB_ANSWERS = { ...BOB, body: SDP } as const;

test('finds the early dialog that a request of the peer belongs to, and the session after it', () => {
  const lab = new SipLab();
  const invite = call(lab);
  lab.reply(invite, 180, BOB);

  peerRequest(lab, invite, { method: 'UPDATE', cseq: 1 });
  assert.equal(lab.takeNames(), ['200']);
  peerRequest(lab, invite, { method: 'UPDATE', cseq: 2, fromTag: 'mallory' });
  assert.equal(lab.takeNames(), ['481']);
  lab.reply(invite, 200, BOB_ANSWERS);
  assert.equal(lab.takeNames(), ['ACK']);
  peerRequest(lab, invite, { method: 'UPDATE', cseq: 1, branch: 'z9hG4bK-late' });
  assert.equal(lab.takeNames(), ['500'], 'its CSeqs go on');
  peerRequest(lab, invite, { method: 'BYE', cseq: 2 });
  assert.equal(lab.takeNames(), ['200']);

  assert.equal(lab.eventTypes, ['progress', 'accepted', 'ended']);
});

test('ends a call of ours by BYE with the next CSeq, once it is answered', () => {
  const lab = new SipLab();
  const invite = call(lab);
  lab.reply(invite, 200, BOB_ANSWERS);
  lab.take();

  lab.hangUp('d1');
  const bye = lab.takeOne();
  lab.reply(bye, 200);
  lab.advance(40_000);

  assert.is(bye.message.headers.first('cseq'), '2 BYE');
  assert.equal(lab.events.at(-1), { type: 'ended', dialogId: 'd1', by: 'us' });
  const { dialogs, transactions } = lab.endpoint.figures;
  assert.equal([dialogs, transactions], [0, 0]);
});

test('takes answers to its requests from hosts that it would not listen to else', () => {
  const lab = new SipLab({ isTrusted: () => false });
  const invite = call(lab);

  lab.reply(invite, 486, BOB);

  assert.equal(lab.takeNames(), ['ACK']);
  assert.equal(lab.events, [{ type: 'refused', dialogId: 'd1', status: 486, why: 'peer' }]);
});

test('hears nothing of commands for calls that are over, or were never made', () => {
  const lab = new SipLab();
  const invite = call(lab);
  lab.reply(invite, 603, BOB);
  lab.take();

  lab.hangUp('d1');
  lab.hangUp('never');
  lab.command({ type: 'acknowledge', dialogId: 'd1', sdp: SDP });

  assert.equal(lab.takeNames(), []);
  assert.is(lab.events.length, 1);
});

for (const [what, spoil] of [
  ['To that cannot be read', (text: string) => text.replace(/^To: .*/m, 'To: "bob <sip:b')],
  ['no To', (text: string) => text.replace(/^To: .*\r\n/m, '')],
  ['two From', (text: string) => text.replace(/^From: .*\r\n/m, '$&$&')],
  ['no Call-ID', (text: string) => text.replace(/^Call-ID: .*\r\n/m, '')],
] as const) {
  test(`drops a refusal with ${what}, so that no ACK copies it; a sound one is taken`, () => {
    const lab = new SipLab();
    const invite = call(lab);

    lab.receive(spoil(responseText(invite, 486, BOB)));
    assert.equal(lab.takeNames(), []);
    assert.is(lab.endpoint.figures.malformedMessages, 1);
    lab.reply(invite, 486, BOB);

    assert.equal(lab.takeNames(), ['ACK']);
    assert.equal(lab.eventTypes, ['refused']);
  });
}

test.run();
