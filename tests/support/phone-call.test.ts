import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { PhoneCall } from './phone-call.ts';
import { PhoneMedia } from './phone-media.ts';
import { header, parseSip, responseTo, writeSip } from './sip-text.ts';
import type { SipText } from './sip-text.ts';

/** A call whose messages go nowhere: the test is the server. */
async function callNowhere(): Promise<{ readonly call: PhoneCall; readonly sent: SipText[] }> {
  const sent: SipText[] = [];
  const line = {
    host: '127.0.0.1',
    port: 5070,
    server: { host: '127.0.0.1', port: 5060 },
    fromUser: '600100200',
    payloadTypes: '8 101',
    send: (text: string) => {
      sent.push(parseSip(text));
    },
  };
  return { call: new PhoneCall(line, '908', await PhoneMedia.open('127.0.0.1', 'PCMA')), sent };
}

/** An answer to a request, with a Contact. */
function answer(request: SipText | undefined, statusLine: string): SipText {
  assert.ok(request);
  const text = responseTo(request, statusLine, 'servers');
  return parseSip(text.replace('\r\n', '\r\nContact: <sip:konfa@127.0.0.1:5060>\r\n'));
}

function methods(sent: readonly SipText[]): readonly (string | null)[] {
  return sent.map((message) => message.method ?? String(message.status));
}

test('acknowledges a 200, and again when it comes again', async () => {
  const { call, sent } = await callNowhere();

  const ok = answer(sent[0], '200 OK');
  call.receive(ok);
  call.receive(ok);
  const final = await call.final;

  assert.is(final.status, 200);
  assert.equal(methods(sent), ['INVITE', 'ACK', 'ACK']);
  assert.is(sent[1]?.startLine, 'ACK sip:konfa@127.0.0.1:5060 SIP/2.0');
  call.close();
});

test('acknowledges a refusal within its transaction (RFC 3261 §17.1.1.3)', async () => {
  const { call, sent } = await callNowhere();

  call.receive(answer(sent[0], '404 Not Found'));
  const final = await call.final;

  assert.is(final.status, 404);
  const [invite, ack] = sent;
  assert.ok(invite && ack);
  assert.is(header(ack, 'via'), header(invite, 'via'));
  assert.match(header(ack, 'to'), 'tag=servers');
  call.close();
  assert.equal(methods(sent), ['INVITE', 'ACK']);
});

test('cancels with the branch of its INVITE', async () => {
  const { call, sent } = await callNowhere();

  const cancelled = call.cancel();
  const [invite, cancel] = sent;
  assert.ok(invite && cancel);
  call.receive(answer(cancel, '200 OK'));
  await cancelled;

  assert.is(header(cancel, 'via'), header(invite, 'via'));
  assert.is(header(cancel, 'cseq'), '1 CANCEL');
  call.close();
});

test('answers a BYE and tells who ended the call, and why', async () => {
  const { call, sent } = await callNowhere();
  call.receive(answer(sent[0], '200 OK'));

  call.receive(
    parseSip(
      writeSip('BYE sip:phone SIP/2.0', [
        ['Via', 'SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKbye'],
        ['CSeq', '1 BYE'],
        ['Reason', 'Q.850;cause=16'],
      ]),
    ),
  );

  assert.equal(await call.ended, { by: 'server', reason: 'Q.850;cause=16' });
  assert.equal(methods(sent), ['INVITE', 'ACK', '200']);
  call.close();
  assert.is(sent.length, 3);
});

test('says BYE when it is switched off in a call', async () => {
  const { call, sent } = await callNowhere();
  call.receive(answer(sent[0], '200 OK'));

  call.close();

  assert.equal(methods(sent), ['INVITE', 'ACK', 'BYE']);
});

test.run();
