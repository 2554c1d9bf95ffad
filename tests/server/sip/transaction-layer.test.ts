import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CallingLab, udpTarget } from './calling-lab.ts';
import { SDP } from './sip-lab.ts';

const LARGE_OFFER = `v=0\r\n${'a=x:yyyyyyyyyyyyyyyyyyyyyyyyyy\r\n'.repeat(40)}`;

test('sends a request of more than 1300 bytes by TCP (RFC 3261 §18.1.1)', () => {
  const lab = new CallingLab();

  const invite = lab.call({ offer: LARGE_OFFER });
  lab.respond(invite, 180);
  lab.hangUp();
  const cancel = lab.takeOne();

  assert.is(invite.target.flow.transport, 'tcp');
  assert.is(invite.target.flow.flowId, 'out-tcp-198.51.100.20:5060');
  assert.match(invite.header('via'), /^SIP\/2\.0\/TCP /);
  assert.is(cancel.target.flow.transport, 'tcp');
  assert.is(cancel.header('via'), invite.header('via'));
});

test('falls back to UDP under a new branch where nobody listens for TCP, and keeps that in mind', () => {
  const lab = new CallingLab();
  const byTcp = lab.call({ offer: LARGE_OFFER });

  lab.flowClosed(byTcp.target.flow);
  const byUdp = lab.takeOne();
  const next = lab.call({ offer: LARGE_OFFER }, 'd2');

  assert.is(byUdp.target.flow.transport, 'udp');
  assert.match(byUdp.header('via'), /^SIP\/2\.0\/UDP /);
  assert.is(byUdp.header('cseq'), byTcp.header('cseq'));
  assert.is.not(/branch=[^;]+/.exec(byUdp.text)?.[0], /branch=[^;]+/.exec(byTcp.text)?.[0]);
  assert.is(next.target.flow.transport, 'udp');
  assert.equal(lab.events, []);
});

test('does not start anew by UDP what was answered by TCP already', () => {
  const lab = new CallingLab();
  const invite = lab.call({ offer: LARGE_OFFER });
  lab.respond(invite, 180);

  lab.flowClosed(invite.target.flow);

  assert.equal(lab.takeNames(), []);
  assert.is(lab.lastEvent?.type, 'refused');
});

test('sends what follows a large INVITE over the same connection', () => {
  const lab = new CallingLab();
  const invite = lab.call({ offer: LARGE_OFFER });

  lab.respond(invite, 200, { body: SDP });

  assert.is(lab.takeOne().target.flow.flowId, invite.target.flow.flowId);
});

test('marks what was sent before, and counts what comes again', () => {
  const lab = new CallingLab();
  const invite = lab.call();

  lab.advance(1500);
  const turns = lab.take().map(({ turn }) => turn);
  lab.respond(invite, 486);
  lab.respond(invite, 486);
  const acks = lab.take().map(({ name, turn }) => `${name} ${turn}`);

  assert.equal(turns, ['again', 'again']);
  assert.equal(acks, ['ACK first', 'ACK again']);
  assert.is(lab.transactions.figures.repeatsReceived, 1);
});

test('fails a request at once whose datagram could not leave', () => {
  const lab = new CallingLab();
  const targets = [udpTarget('198.51.100.1'), udpTarget('198.51.100.2')];
  const invite = lab.call({ targets });

  lab.transactions.sendFailed(invite.target.flow, invite.bytes, lab.nowMs);

  assert.is(lab.takeOne().target.host, '198.51.100.2');
});

test('takes no response with two Vias, of another method, or of another branch', () => {
  const lab = new CallingLab();
  const invite = lab.call();
  const via = invite.header('via');

  for (const [from, to] of [
    [via, `${via}, SIP/2.0/UDP 203.0.113.1;branch=z9hG4bKother`],
    ['1 INVITE', '1 OPTIONS'],
    ['branch=z9hG4bK', 'branch=z9hG4bK0'],
    [';tag=', ';tag='],
  ] as const) {
    const before = lab.events.length;
    const forged = { ...invite, lines: (name: string) => invite.lines(name).map(change), header };
    function change(line: string): string {
      return line.replace(from, to);
    }
    function header(name: string): string {
      return change(invite.header(name));
    }
    lab.respond(forged, 180);
    assert.is(lab.events.length - before, from === to ? 1 : 0, from);
  }
});

test.run();
