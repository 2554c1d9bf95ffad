import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type {
  GuardedSource,
  Offence,
  SourceGuard,
} from '../../../server/sip/guard/source-guard.ts';
import type { SipFlow } from '../../../server/sip/user-agent.ts';
import { PEER_FLOW, requestText, SDP, SipLab, toTagOf } from './sip-lab.ts';

const STRANGER: SipFlow = { ...PEER_FLOW, remoteHost: '203.0.113.9' };
const BROWSER: SipFlow = {
  ...PEER_FLOW,
  transport: 'wss',
  flowId: 'ws-1',
  remoteHost: '203.0.113.8',
};

/** A guard that keeps what it hears. */
class Witness implements Pick<SourceGuard, 'offend'> {
  readonly offences: string[] = [];

  offend(source: GuardedSource | string, offence: Offence): void {
    this.offences.push(`${hostOf(source)} ${offence}`);
  }
}

function hostOf(source: GuardedSource | string): string {
  return typeof source === 'string' ? source : source.remoteHost;
}

test('tells the guard of strangers and of what is no SIP; strangers still hear nothing', () => {
  const guard = new Witness();
  const lab = new SipLab({ guard });

  lab.request({ method: 'INVITE', body: SDP }, STRANGER);
  lab.receive('rubbish', STRANGER);
  lab.receive('rubbish');
  lab.receive('OPTIONS sip:a@b SIP/2.0\r\n\r\n');
  lab.request({ method: 'OPTIONS' });

  assert.equal(guard.offences, [
    '203.0.113.9 unknown-source',
    '203.0.113.9 unknown-source',
    '198.51.100.7 malformed',
    '198.51.100.7 malformed',
  ]);
  assert.equal(lab.takeNames(), ['200']);
  assert.not.ok(
    lab.logs.some(({ level }) => level === 'warn'),
    'the guard writes the lines',
  );
});

test('takes a response to nothing from a stranger for an offence, and one to a request of ours for none', () => {
  const guard = new Witness();
  const lab = new SipLab({ guard });
  lab.establish();
  lab.hangUp();
  const bye = lab.takeOne();

  lab.receive(
    'SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bKx\r\nCSeq: 1 BYE\r\n\r\n',
    STRANGER,
  );
  assert.equal(guard.offences, ['203.0.113.9 unknown-source']);
  lab.reply(bye, 200, { flow: STRANGER });

  assert.is(guard.offences.length, 1);
  assert.is(lab.endpoint.figures.dialogs, 0);
});

test('tells the guard nothing of WebSockets, which others let in', () => {
  const guard = new Witness();
  const lab = new SipLab({ guard });

  lab.receive('rubbish', BROWSER);
  lab.request({ method: 'OPTIONS' }, BROWSER);

  assert.equal(guard.offences, []);
  assert.equal(lab.takeNames(), ['200']);
});

test('answers what is malformed but can be answered with 400 and a reason', () => {
  const lab = new SipLab();

  lab.receive(
    requestText({ method: 'INVITE', body: SDP }).replace('Max-Forwards: 70', 'Max-Forwards: many'),
  );

  assert.match(lab.takeOne().text, /^SIP\/2\.0 400 Bad Max-Forwards\r\n/);
});

test('refuses new calls and pings with 503 and Retry-After while overloaded; calls go on', () => {
  let overload: 'ok' | number = 'ok';
  const lab = new SipLab({ overload: () => overload });
  const toTag = lab.establish();
  const other = { callId: 'c2', fromTag: 'f2' };
  overload = 12.4;

  lab.request({ method: 'INVITE', body: SDP, branch: 'z9hG4bK-2', ...other });
  lab.request({ method: 'OPTIONS', branch: 'z9hG4bK-3', ...other });
  lab.request({ method: 'INVITE', cseq: 2, toTag, body: SDP });
  lab.request({ method: 'OPTIONS', cseq: 3, toTag });
  const sent = lab.take();

  assert.equal(
    sent.map((each) => each.name),
    ['503', '503', '100', '200'],
  );
  assert.is(sent[0]?.message.headers.first('retry-after'), '13');
  assert.is(lab.endpoint.figures.refusedByLoad, 2);
  overload = 'ok';
  lab.request({ method: 'OPTIONS', branch: 'z9hG4bK-4', callId: 'c4' });
  assert.is(lab.takeOne().name, '200');
});

test('refuses without a transaction while overloaded: nothing is sent again, and copies get the same refusal', () => {
  let overload: 'ok' | number = 7;
  const lab = new SipLab({ overload: () => overload });

  lab.request({ method: 'INVITE', body: SDP });
  const first = lab.takeOne();
  assert.is(first.name, '503');
  assert.is(lab.endpoint.figures.transactions, 0);
  assert.is(lab.endpoint.deadlineMs, Number.POSITIVE_INFINITY);
  lab.request({ method: 'ACK', toTag: toTagOf(first) });
  lab.request({ method: 'INVITE', body: SDP });
  assert.is(toTagOf(lab.takeOne()), toTagOf(first));
  // The copy may be on its way while the first refusal is.
  overload = 'ok';
  lab.request({ method: 'INVITE', body: SDP });
  assert.is(toTagOf(lab.takeOne()), toTagOf(first));
  lab.request({ method: 'INVITE', body: SDP, branch: 'z9hG4bK-anew', callId: 'anew' });

  assert.is(lab.takeOne().name, '100');
  assert.is(lab.endpoint.figures.refusedByLoad, 1);
});

test('refuses new calls and pings with 503 when all dialogs are taken', () => {
  const lab = new SipLab({ limits: { transactions: 1000, dialogs: 1 } });
  lab.request({ method: 'INVITE', body: SDP });
  lab.answer();
  const toTag = toTagOf(lab.take().at(-1));
  const other = { callId: 'c2', fromTag: 'f2' };

  lab.request({ method: 'INVITE', body: SDP, branch: 'z9hG4bK-2', ...other });
  lab.request({ method: 'OPTIONS', branch: 'z9hG4bK-3', ...other });
  assert.equal(lab.takeNames(), ['503', '503']);
  lab.request({ method: 'BYE', cseq: 2, toTag });
  lab.request({ method: 'OPTIONS', branch: 'z9hG4bK-4', ...other, cseq: 2 });

  assert.equal(lab.takeNames(), ['200', '200']);
});

test('counts requests that come again', () => {
  const lab = new SipLab();

  for (let i = 0; i < 3; i += 1) lab.request({ method: 'OPTIONS' });

  assert.is(lab.endpoint.figures.repeatsReceived, 2);
});

test('refuses a call by browser with 503 too while overloaded: it would suffer as all others do', () => {
  const lab = new SipLab({ overload: () => 7 });

  lab.request({ method: 'INVITE', body: SDP }, BROWSER);

  const refusal = lab.take().at(-1);
  assert.is(refusal?.name, '503');
  assert.is(refusal?.message.headers.first('retry-after'), '7');
  assert.equal(lab.eventTypes, []);
});

test.run();
