import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { DigestCredentials } from '../../../server/sip/outgoing-call.ts';
import { outboundFlow } from '../../../server/sip/outbound-flow.ts';
import type { SendTarget } from '../../../server/sip/received-request.ts';
import { CallingLab, udpTarget } from './calling-lab.ts';
import type { CallingSent } from './calling-lab.ts';
import { SDP } from './sip-lab.ts';

const CREDENTIALS: DigestCredentials = { user: 'konfa', password: 'secret', realm: 'trunk' };
const CHALLENGE = 'Digest realm="trunk", nonce="n1", algorithm=MD5, qop="auth"';

/** What went out after a refusal: its ACK, and perhaps another INVITE. */
function afterRefusal(lab: CallingLab): CallingSent | null {
  const [ack, next, ...others] = lab.take();
  assert.is(ack?.name, 'ACK');
  assert.is(others.length, 0);
  return next ?? null;
}

/** Refuses an INVITE and returns the next one. */
function refuse(
  lab: CallingLab,
  invite: CallingSent,
  answer: { readonly status: number; readonly lines?: readonly string[] },
): CallingSent {
  lab.respond(invite, answer.status, { lines: answer.lines ?? [] });
  const next = afterRefusal(lab);
  if (next === null) throw new Error(`nothing follows ${answer.status}`);
  return next;
}

function tcpTarget(host: string): SendTarget {
  const flow = outboundFlow({ transport: 'tcp', host, port: 5060, localPort: 5060 });
  return { flow, host, port: 5060 };
}

test('answers 407 with credentials, the next CSeq and a new branch (RFC 3261 §22.3)', () => {
  const lab = new CallingLab();
  const invite = lab.call({ credentials: CREDENTIALS });

  const again = refuse(lab, invite, { status: 407, lines: [`Proxy-Authenticate: ${CHALLENGE}`] });
  lab.respond(again, 200, { body: SDP });
  const ack = lab.takeOne();

  for (const name of ['from', 'to', 'call-id', 'contact']) {
    assert.is(again.header(name), invite.header(name), name);
  }
  assert.is(again.header('cseq'), '2 INVITE');
  assert.is.not(again.header('via'), invite.header('via'));
  assert.match(again.header('proxy-authorization'), /^Digest username="konfa", realm="trunk"/);
  assert.is(ack.header('proxy-authorization'), again.header('proxy-authorization'));
  assert.is(ack.header('cseq'), '2 ACK');
  assert.is(lab.established[0]?.dialog.localCseq, 2);
});

test('bears credentials of its own in PRACK and BYE once they were asked for', () => {
  const lab = new CallingLab();
  const again = refuse(lab, lab.call({ credentials: CREDENTIALS }), {
    status: 401,
    lines: [`WWW-Authenticate: ${CHALLENGE}`],
  });

  lab.respond(again, 180, { lines: ['Require: 100rel', 'RSeq: 1'] });
  const prack = lab.takeOne();

  assert.match(prack.header('authorization'), /nc=00000002/);
  assert.match(prack.header('authorization'), /uri="sip:1234@198\.51\.100\.20:5060"/);
});

test('gives up when credentials are wrong, of another realm, or not there', () => {
  const wrong = new CallingLab();
  const again = refuse(wrong, wrong.call({ credentials: CREDENTIALS }), {
    status: 401,
    lines: [`WWW-Authenticate: ${CHALLENGE}`],
  });
  wrong.respond(again, 401, { lines: [`WWW-Authenticate: ${CHALLENGE.replace('n1', 'n2')}`] });
  const elsewhere = new CallingLab();
  elsewhere.respond(elsewhere.call({ credentials: CREDENTIALS }), 407, {
    lines: [`Proxy-Authenticate: ${CHALLENGE.replace('trunk', 'thief')}`],
  });
  const without = new CallingLab();
  without.respond(without.call(), 401, { lines: [`WWW-Authenticate: ${CHALLENGE}`] });

  for (const [lab, status] of [
    [wrong, 401],
    [elsewhere, 407],
    [without, 401],
  ] as const) {
    assert.is(afterRefusal(lab), null);
    assert.equal(lab.events, [{ type: 'refused', dialogId: 'd1', status, why: 'credentials' }]);
    lab.advance(40_000);
    assert.equal(lab.leftovers, [0, 0, 0, 0]);
  }
});

test('tries the next target after 503, a broken connection, or no answer at all (RFC 3263 §4.3)', () => {
  const lab = new CallingLab();
  const targets = [
    udpTarget('198.51.100.1'),
    tcpTarget('198.51.100.2'),
    udpTarget('198.51.100.3'),
    udpTarget('198.51.100.4'),
  ];
  const first = lab.call({ targets });

  const second = refuse(lab, first, { status: 503, lines: ['Retry-After: 60'] });
  lab.flowClosed(second.target.flow);
  const third = lab.takeOne();
  lab.advance(32_000);
  const fourth = lab.take().at(-1);

  assert.equal(
    [first, second, third, fourth].map((each) => each?.target.host),
    ['198.51.100.1', '198.51.100.2', '198.51.100.3', '198.51.100.4'],
  );
  assert.equal(
    [first, second, third, fourth].map((each) => each?.header('cseq')),
    ['1 INVITE', '2 INVITE', '3 INVITE', '4 INVITE'],
  );
  assert.is(new Set([first, second, third].map((each) => each.header('call-id'))).size, 1);
});

test('tells of the last failure when no target is left', () => {
  const lab = new CallingLab();
  const last = refuse(
    lab,
    lab.call({ targets: [udpTarget('198.51.100.1'), udpTarget('198.51.100.2')] }),
    { status: 503 },
  );

  lab.respond(last, 503);

  assert.equal(lab.events, [{ type: 'refused', dialogId: 'd1', status: 503, why: 'peer' }]);
});

test('refuses a call to nobody at once', () => {
  const lab = new CallingLab();

  assert.throws(() => lab.call({ targets: [] }), 'expected one message');

  assert.equal(lab.events, [{ type: 'refused', dialogId: 'd1', status: 0, why: 'transport' }]);
});

test('is not sent elsewhere by a refusal that means it', () => {
  for (const status of [403, 404, 408, 480, 484, 486, 488, 500, 600, 603, 606]) {
    const lab = new CallingLab();
    const targets = [udpTarget('198.51.100.1'), udpTarget('198.51.100.2')];

    lab.respond(lab.call({ targets }), status);

    assert.is(afterRefusal(lab), null, String(status));
    assert.equal(lab.events, [{ type: 'refused', dialogId: 'd1', status, why: 'peer' }]);
  }
});

test('follows a redirection by weight, each address once (RFC 3261 §8.1.3.4)', () => {
  const lab = new CallingLab();
  const contacts = [
    '<sip:low@trunk.example.net>;q=0.1',
    '<sip:high@198.51.100.20:5070>;q=0.9',
    '<sip:high@198.51.100.20:5070>;q=0.2',
    '<sip:1234@trunk.example.net>;q=0.8',
  ];

  const high = refuse(lab, lab.call(), { status: 302, lines: [`Contact: ${contacts.join(', ')}`] });
  const low = refuse(lab, high, { status: 503 });
  lab.respond(low, 301, { lines: ['Contact: <sip:high@198.51.100.20:5070>'] });

  assert.is(high.request.uri, 'sip:high@198.51.100.20:5070');
  assert.is(high.target.port, 5070);
  assert.is(high.header('cseq'), '2 INVITE');
  assert.is(low.request.uri, 'sip:low@trunk.example.net');
  assert.is(low.target.port, 5060);
  assert.is(afterRefusal(lab), null, 'a loop');
  assert.equal(lab.events, [{ type: 'refused', dialogId: 'd1', status: 301, why: 'peer' }]);
});

test('follows no redirection to a host that the call was not meant for', () => {
  for (const contact of [
    '<sip:1234@203.0.113.66>',
    '<sip:1234@evil.example.org>',
    '<sip:1234@trunk.example.net:9999>',
    '<tel:+900123456>',
    '"unbalanced <sip:x@trunk.example.net>',
  ]) {
    const lab = new CallingLab();

    lab.respond(lab.call({ credentials: CREDENTIALS }), 302, { lines: [`Contact: ${contact}`] });

    assert.is(afterRefusal(lab), null, contact);
    assert.equal(lab.events, [{ type: 'refused', dialogId: 'd1', status: 302, why: 'peer' }]);
  }
});

test('asks for a longer session after 422, once for each interval (RFC 4028 §7.3)', () => {
  const lab = new CallingLab();

  const again = refuse(lab, lab.call(), { status: 422, lines: ['Min-SE: 3600'] });
  lab.respond(again, 422, { lines: ['Min-SE: 3600'] });

  assert.equal([again.header('session-expires'), again.header('min-se')], ['3600', '3600']);
  assert.is(afterRefusal(lab), null);
  assert.equal(lab.events, [{ type: 'refused', dialogId: 'd1', status: 422, why: 'peer' }]);
});

test('leaves out what is refused by 420 (RFC 3261 §8.1.3.5)', () => {
  const lab = new CallingLab();

  const again = refuse(lab, lab.call(), { status: 420, lines: ['Unsupported: 100rel'] });
  const bare = refuse(lab, again, { status: 420, lines: ['Unsupported: timer, gruu'] });
  lab.respond(bare, 420, { lines: ['Unsupported: gruu'] });

  assert.is(again.header('supported'), 'timer');
  assert.equal([bare.header('supported'), bare.header('session-expires')], ['', '']);
  assert.is(afterRefusal(lab), null);
});

test('waits a little and tries again after 491, and where a short Retry-After asks for it', () => {
  for (const [status, lines, waitMs] of [
    [491, [], 4000],
    [503, ['Retry-After: 2'], 2000],
    [500, ['Retry-After: 3 (soon)'], 3000],
  ] as const) {
    const lab = new CallingLab();
    const invite = lab.call();

    lab.respond(invite, status, { lines });
    assert.is(afterRefusal(lab), null);
    lab.advance(waitMs);

    const again = lab.take()[0];
    assert.equal([again?.name, again?.header('cseq')], ['INVITE', '2 INVITE']);
  }
});

test('stops waiting when it is hung up', () => {
  const lab = new CallingLab();
  lab.respond(lab.call(), 491);

  lab.hangUp();

  assert.equal(lab.events, [{ type: 'refused', dialogId: 'd1', status: 0, why: 'cancelled' }]);
  lab.advance(40_000);
  assert.equal(lab.leftovers, [0, 0, 0, 0]);
});

test('goes no further than sixteen INVITEs, whatever the peers answer', () => {
  const lab = new CallingLab();
  const targets = Array.from({ length: 30 }, (_, i) => udpTarget(`198.51.100.${i + 1}`));
  let invite: CallingSent | null = lab.call({ targets });
  let count = 0;

  for (; invite !== null && count < 40; count += 1) {
    lab.respond(invite, 503);
    invite = afterRefusal(lab);
  }

  assert.is(count, 16);
  assert.is(lab.events.length, 1);
});

test('lives through answers that cannot be read', () => {
  const lab = new CallingLab();
  const invite = lab.call();

  lab.respond(invite, 183, { lines: ['Record-Route: "open'] });
  lab.respond(invite, 183, { lines: ['Require: 100rel', 'RSeq: many'] });
  lab.respond(invite, 200, { tag: 'odd', lines: ['Contact: <>'], body: SDP });

  assert.is(lab.lastEvent?.type, 'refused');
  assert.is(lab.established.length, 0);
  lab.advance(40_000);
  assert.equal(lab.leftovers, [0, 0, 0, 0]);
});

test.run();
