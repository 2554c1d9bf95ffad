import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NEVER } from '../../../mixer/protocol/units.ts';
import { outboundFlow } from '../../../server/sip/outbound-flow.ts';
import { PEER_TCP_FLOW, SDP, seededRandom, SipLab } from './sip-lab.ts';
import type { RequestText, Sent } from './sip-lab.ts';

const OURS = 'v=0\r\nours';
const THEIRS = 'v=0\r\ntheirs';

type DialogText = Pick<RequestText, 'toTag' | 'fromTag' | 'callId'>;

interface Role {
  readonly name: string;
  readonly establish: (lab: SipLab) => DialogText;
  /** Back-off after 491, RFC 3261 §14.1. */
  readonly backoffMs: readonly [least: number, most: number];
}

const ROLES: readonly Role[] = [
  {
    name: 'a call that came in',
    establish: (lab) => ({ toTag: lab.establish() }),
    backoffMs: [0, 2000],
  },
  { name: 'a call of ours', establish: (lab) => lab.call(), backoffMs: [2100, 4000] },
];

/** A call with an offer of ours on its way. */
function offering(role: Role): {
  readonly lab: SipLab;
  readonly dialog: DialogText;
  readonly reinvite: Sent;
} {
  const lab = new SipLab();
  const dialog = role.establish(lab);
  lab.take();
  lab.command({ type: 'offer', dialogId: lab.dialogId, sdp: OURS });
  return { lab, dialog, reinvite: lab.takeOne() };
}

for (const role of ROLES) {
  const { name, establish, backoffMs } = role;

  test(`offers within ${name} by re-INVITE, acknowledges its 200 and tells the answer`, () => {
    const { lab, reinvite } = offering(role);

    lab.reply(reinvite, 100);
    lab.reply(reinvite, 200, { body: THEIRS, lines: ['Contact: <sip:x@198.51.100.9:5099>'] });
    const ack = lab.takeOne();

    const { headers } = reinvite.message;
    assert.is(reinvite.name, 'INVITE');
    assert.is(Buffer.from(reinvite.message.body).toString(), OURS);
    assert.is(headers.first('contact'), '<sip:192.0.2.10:5060>');
    assert.match(headers.first('allow') ?? '', 'UPDATE');
    assert.is(ack.name, 'ACK');
    assert.ok(ack.message.kind === 'request');
    assert.is(ack.message.uri, 'sip:x@198.51.100.9:5099', 'the target is refreshed');
    assert.is(ack.message.headers.first('cseq'), headers.first('cseq')?.replace('INVITE', 'ACK'));
    assert.is.not(ack.message.headers.first('via'), headers.first('via'));
    const { dialogId } = lab;
    assert.equal(lab.events.at(-1), { type: 'renegotiated', dialogId, answer: THEIRS });
    lab.reply(reinvite, 200, { body: THEIRS });
    assert.is(lab.takeOne().name, 'ACK');
    assert.is(lab.eventTypes.filter((type) => type === 'renegotiated').length, 1);
  });

  for (const status of [488, 500, 503, 606]) {
    test(`tells that the offer within ${name} is refused with ${status}; the call goes on`, () => {
      const { lab, reinvite } = offering(role);
      const { dialogId } = lab;

      lab.reply(reinvite, status);

      assert.is(lab.takeOne().name, 'ACK');
      assert.equal(lab.events.at(-1), { type: 'offer-refused', dialogId, status });
      lab.command({ type: 'offer', dialogId, sdp: OURS });
      assert.is(lab.takeOne().name, 'INVITE');
    });
  }

  for (const [status, by] of [
    [481, 'peer'],
    [408, 'transport'],
  ] as const) {
    test(`ends ${name} when the offer gets ${status} (RFC 3261 §12.2.1.2)`, () => {
      const { lab, reinvite } = offering(role);

      lab.reply(reinvite, status);

      assert.equal(lab.takeNames(), ['ACK', 'BYE']);
      assert.equal(lab.events.at(-1), { type: 'ended', dialogId: lab.dialogId, by });
    });
  }

  test(`backs off after 491 within ${name}, by chance in steps of 10 ms, and offers again (RFC 3261 §14.1)`, () => {
    const delays: number[] = [];
    for (let seed = 0; seed < 40; seed += 1) {
      const each = new SipLab({ random: seededRandom(seed) });
      establish(each);
      each.take();
      each.command({ type: 'offer', dialogId: each.dialogId, sdp: OURS });
      const first = each.takeOne();
      each.reply(first, 491);
      each.take();
      each.advance(5000);
      const again = each.take().find((sent) => sent.name === 'INVITE');
      assert.ok(again);
      assert.is.not(again.message.headers.first('cseq'), first.message.headers.first('cseq'));
      delays.push(again.atMs);
    }

    const [least, most] = backoffMs;
    assert.ok(delays.every((delayMs) => delayMs >= least && delayMs <= most && delayMs % 10 === 0));
    assert.ok(new Set(delays).size > 15, 'not always the same');
  });

  test(`gives an offer within ${name} up that meets 491 again and again`, () => {
    const { lab, reinvite } = offering(role);
    let sent: Sent | undefined = reinvite;
    let count = 0;
    for (; sent !== undefined && count < 50; count += 1) {
      lab.reply(sent, 491);
      lab.take();
      lab.advance(4000);
      sent = lab.take().find((each) => each.name === 'INVITE');
    }

    assert.is(count, 8);
    const { dialogId } = lab;
    assert.equal(lab.events.at(-1), { type: 'offer-refused', dialogId, status: 491 });
  });

  test(`refuses a re-INVITE within ${name} with 491 that crosses ours; both agree later`, () => {
    const { lab, dialog, reinvite } = offering(role);

    lab.request({ method: 'INVITE', cseq: 2, body: SDP, ...dialog });
    assert.equal(lab.takeNames(), ['100', '491']);
    lab.request({ method: 'ACK', cseq: 2, branch: 'z9hG4bK-INVITE-2', ...dialog });
    lab.reply(reinvite, 491);
    lab.request({ method: 'INVITE', cseq: 3, body: SDP, ...dialog });
    lab.answerAndAck(3, dialog.toTag ?? '', dialog);
    lab.advance(4000);
    const [again] = lab.take();
    assert.ok(again);
    lab.reply(again, 200, { body: THEIRS });

    assert.is(again.name, 'INVITE');
    assert.is(lab.eventTypes.at(-1), 'renegotiated');
  });

  test(`waits with an offer within ${name} until the peer's re-INVITE is acknowledged`, () => {
    const lab = new SipLab();
    const dialog = establish(lab);
    lab.request({ method: 'INVITE', cseq: 2, body: SDP, ...dialog });
    lab.take();

    lab.command({ type: 'offer', dialogId: lab.dialogId, sdp: OURS });
    assert.equal(lab.takeNames(), []);
    lab.answer();
    assert.equal(lab.takeNames(), ['200']);
    lab.request({ method: 'ACK', cseq: 2, branch: 'z9hG4bK-ack2', ...dialog });

    assert.is(lab.takeOne().name, 'INVITE');
  });

  test(`sends the latest of the offers within ${name} that wait for the first`, () => {
    const { lab, reinvite } = offering(role);
    const { dialogId } = lab;
    lab.command({ type: 'offer', dialogId, sdp: 'second' });
    lab.command({ type: 'offer', dialogId, sdp: 'third' });
    assert.equal(lab.takeNames(), []);

    lab.reply(reinvite, 200, { body: THEIRS });

    const [ack, next] = lab.take();
    assert.equal([ack?.name, next?.name], ['ACK', 'INVITE']);
    assert.is(Buffer.from(next?.message.body ?? []).toString(), 'third');
  });

  test(`answers a BYE that crosses an offer within ${name}, gives the offer up and ends once`, () => {
    const { lab, dialog, reinvite } = offering(role);
    lab.reply(reinvite, 100);

    lab.request({ method: 'BYE', cseq: 2, ...dialog });
    assert.equal(lab.takeNames(), ['200', 'CANCEL']);
    lab.reply(reinvite, 200, { body: THEIRS });

    assert.is(lab.takeOne().name, 'ACK', 'a 200 that crosses is acknowledged all the same');
    assert.equal(lab.events.at(-1), { type: 'ended', dialogId: lab.dialogId, by: 'peer' });
    lab.advance(200_000);
    assert.is(lab.endpoint.deadlineMs, NEVER);
    assert.is(lab.endpoint.figures.transactions, 0);
  });

  test(`hangs up ${name} during an offer: BYE at once, and a 200 that crosses is acknowledged`, () => {
    const { lab, reinvite } = offering(role);
    lab.reply(reinvite, 180);

    lab.hangUp();
    const names = lab.takeNames();
    lab.reply(reinvite, 200, { body: THEIRS });

    assert.equal(names, ['CANCEL', 'BYE']);
    assert.is(lab.takeOne().name, 'ACK');
    assert.is(lab.eventTypes.at(-1), 'ended');
    lab.advance(200_000);
    assert.is(lab.endpoint.deadlineMs, NEVER);
    assert.equal([lab.endpoint.figures.dialogs, lab.endpoint.figures.transactions], [0, 0]);
  });

  test(`ends ${name} when the offer rings for three minutes`, () => {
    const { lab, reinvite } = offering(role);
    lab.reply(reinvite, 180);

    lab.advance(180_000);

    assert.ok(lab.takeNames().includes('BYE'));
    assert.equal(lab.events.at(-1), { type: 'ended', dialogId: lab.dialogId, by: 'transport' });
    lab.advance(60_000);
    assert.is(lab.endpoint.figures.transactions, 0);
  });
}

test('takes an answer without a description for a refusal', () => {
  const lab = new SipLab();
  lab.call();
  lab.take();
  lab.command({ type: 'offer', dialogId: 'ours', sdp: OURS });

  lab.reply(lab.takeOne(), 200);

  assert.is(lab.takeOne().name, 'ACK');
  assert.equal(lab.events.at(-1), { type: 'offer-refused', dialogId: 'ours', status: 488 });
});

/** A challenge that a peer puts to requests within the dialog. */
const CHALLENGE = 'Proxy-Authenticate: Digest realm="pbx", nonce="n1", qop="auth", algorithm=MD5';
const CREDENTIALS = { user: 'konfa', password: 'secret', realm: null };

test('answers 407 to an offer of a call of ours with credentials, which its ACK bears too', () => {
  const lab = new SipLab();
  lab.call({}, { credentials: CREDENTIALS });
  lab.take();
  lab.command({ type: 'offer', dialogId: 'ours', sdp: OURS });

  lab.reply(lab.takeOne(), 407, { lines: [CHALLENGE] });
  const [refusalAck, again] = lab.take();
  assert.ok(again);
  lab.reply(again, 200, { body: THEIRS });
  const ack = lab.takeOne();

  assert.is(refusalAck?.name, 'ACK');
  assert.match(again.message.headers.first('proxy-authorization') ?? '', 'username="konfa"');
  assert.is(again.message.headers.first('cseq'), '3 INVITE');
  assert.is(
    ack.message.headers.first('proxy-authorization'),
    again.message.headers.first('proxy-authorization'),
  );
  assert.is(lab.eventTypes.at(-1), 'renegotiated');
});

test('answers 407 to a refresh and to BYE of a call of ours', () => {
  const lab = new SipLab();
  lab.call(
    { lines: ['Allow: UPDATE', 'Session-Expires: 90;refresher=uac'] },
    { credentials: CREDENTIALS },
  );
  lab.take();
  lab.advance(45_000);

  lab.reply(lab.takeOne(), 407, { lines: [CHALLENGE] });
  const update = lab.takeOne();
  lab.reply(update, 200, { lines: ['Session-Expires: 90;refresher=uac'] });
  lab.hangUp('ours');
  const bye = lab.takeOne();
  lab.reply(bye, 407, { lines: [CHALLENGE.replace('n1', 'n2').replace('qop', 'stale=true, qop')] });
  const again = lab.takeOne();
  lab.reply(again, 200);

  assert.match(update.message.headers.first('proxy-authorization') ?? '', 'nc=00000001');
  assert.match(bye.message.headers.first('proxy-authorization') ?? '', 'nc=00000002');
  assert.match(again.message.headers.first('proxy-authorization') ?? '', 'nonce="n2"');
  assert.is(lab.endpoint.figures.dialogs, 0);
  assert.is(lab.eventTypes.filter((type) => type === 'ended').length, 1);
});

test('gives up when credentials are refused, and when there are none', () => {
  const refused = new SipLab();
  refused.call({}, { credentials: CREDENTIALS });
  const none = new SipLab();
  none.call();
  for (const lab of [refused, none]) {
    lab.take();
    lab.command({ type: 'offer', dialogId: 'ours', sdp: OURS });
    lab.reply(lab.takeOne(), 407, { lines: [CHALLENGE] });
  }
  const again = refused.take()[1];
  assert.ok(again);
  refused.reply(again, 407, { lines: [CHALLENGE.replace('n1', 'n2')] });

  for (const lab of [refused, none]) {
    assert.equal(lab.events.at(-1), { type: 'offer-refused', dialogId: 'ours', status: 407 });
  }
});

for (const [name, lines, host] of [
  ['the Contact', [], '198.51.100.7'],
  [
    'a record-routing proxy',
    ['Record-Route: <sip:198.51.100.3:5080;transport=tcp;lr>'],
    '198.51.100.3',
  ],
] as const) {
  test(`offers over a new connection to ${name} when the old one is gone, and again when that breaks too`, () => {
    const lab = new SipLab();
    lab.establish({ lines }, PEER_TCP_FLOW);
    lab.flowClosed(PEER_TCP_FLOW);
    lab.take();

    lab.command({ type: 'offer', dialogId: lab.dialogId, sdp: OURS });
    const first = lab.takeOne();
    lab.flowClosed(first.flow);
    lab.advance(2000);
    const again = lab.takeOne();
    lab.reply(again, 200, { body: THEIRS, flow: PEER_TCP_FLOW });

    assert.equal([first.host, again.host], [host, host]);
    assert.equal(lab.eventTypes, ['invite', 'established', 'renegotiated']);
    assert.is(lab.takeOne().host, host);
  });
}

test('keeps a call of ours whose connection breaks, and hangs up over a new one', () => {
  const flow = outboundFlow({
    transport: 'tcp',
    host: '198.51.100.7',
    port: 5060,
    localPort: 5060,
  });
  const lab = new SipLab();
  lab.call({}, { targets: [{ flow, host: '198.51.100.7', port: 5060 }] });
  lab.take();

  lab.flowClosed(flow);
  assert.equal(lab.eventTypes, ['accepted']);
  lab.hangUp('ours');

  const bye = lab.takeOne();
  assert.equal([bye.name, bye.host, bye.port], ['BYE', '198.51.100.7', 5070]);
  assert.equal(lab.eventTypes, ['accepted', 'ended']);
});

test.run();
