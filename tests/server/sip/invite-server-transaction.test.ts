import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NEVER } from '../../../mixer/protocol/units.ts';
import { InviteServerTransaction } from '../../../server/sip/invite-server-transaction.ts';
import { DEFAULT_SIP_TIMERS } from '../../../server/sip/sip-timers.ts';
import type { Reliability } from '../../../server/sip/sip-timers.ts';

const bytesOf = (status: number): Uint8Array => Buffer.from(String(status));

function begin(reliability: Reliability): InviteServerTransaction {
  return new InviteServerTransaction({ timers: DEFAULT_SIP_TIMERS, reliability });
}

function respond(transaction: InviteServerTransaction, status: number, nowMs: number) {
  return transaction.handle({ type: 'respond', status, bytes: bytesOf(status) }, nowMs);
}

/** Runs timeouts up to an instant and returns when something was sent. */
function sendTimes(transaction: InviteServerTransaction, untilMs: number): readonly number[] {
  const times: number[] = [];
  for (let left = 100; left > 0 && transaction.deadlineMs <= untilMs; left -= 1) {
    const nowMs = transaction.deadlineMs;
    const actions = transaction.handle({ type: 'timeout' }, nowMs);
    if (actions.some((action) => action.type === 'send')) times.push(nowMs);
  }
  return times;
}

test('answers a retransmission in Proceeding with the latest provisional response (RFC 3261 §17.2.1)', () => {
  const transaction = begin('unreliable');

  assert.equal(transaction.handle({ type: 'retransmission' }, 0), []);
  respond(transaction, 100, 0);
  respond(transaction, 180, 10);

  assert.equal(transaction.handle({ type: 'retransmission' }, 20), [
    { type: 'send', bytes: bytesOf(180), again: true },
  ]);
  assert.is(transaction.deadlineMs, NEVER);
});

test('retransmits the 486 every T1 doubling to T2 until ACK (RFC 3261 §17.2.1)', () => {
  const transaction = begin('unreliable');
  respond(transaction, 486, 0);

  assert.equal(sendTimes(transaction, 12_000), [500, 1500, 3500, 7500, 11_500]);
  assert.equal(transaction.handle({ type: 'ack' }, 12_000), []);

  assert.equal(sendTimes(transaction, 16_999), []);
  assert.is(transaction.deadlineMs, 17_000, 'timer I');
});

test('tells that no ACK came after 64*T1 (timer H)', () => {
  const transaction = begin('unreliable');
  respond(transaction, 486, 0);
  sendTimes(transaction, 31_999);

  const actions = transaction.handle({ type: 'timeout' }, 32_000);

  assert.equal(actions, [{ type: 'no-ack' }, { type: 'ended' }]);
  assert.is(transaction.deadlineMs, NEVER);
});

test('absorbs ACK retransmissions in Confirmed for T4 (timer I)', () => {
  const transaction = begin('unreliable');
  respond(transaction, 486, 0);
  transaction.handle({ type: 'ack' }, 100);

  assert.equal(transaction.handle({ type: 'ack' }, 200), []);
  assert.equal(transaction.handle({ type: 'retransmission' }, 300), []);
  assert.equal(transaction.handle({ type: 'timeout' }, 5099), []);
  assert.equal(transaction.handle({ type: 'timeout' }, 5100), [{ type: 'ended' }]);
});

test('retransmits nothing over a reliable transport, and ends at the ACK', () => {
  const transaction = begin('reliable');
  respond(transaction, 486, 0);

  assert.is(transaction.deadlineMs, 32_000, 'timer H alone');
  assert.equal(transaction.handle({ type: 'ack' }, 100), [{ type: 'ended' }]);
});

test('stays in Accepted for 64*T1 and leaves the 2xx to its user (RFC 6026 §7.1, timer L)', () => {
  for (const reliability of ['unreliable', 'reliable'] as const) {
    const transaction = begin(reliability);
    respond(transaction, 200, 0);

    assert.is(transaction.deadlineMs, 32_000);
    assert.equal(transaction.handle({ type: 'retransmission' }, 10), [{ type: 'repeated' }]);
    assert.equal(transaction.handle({ type: 'ack' }, 20), []);
    assert.equal(transaction.handle({ type: 'timeout' }, 32_000), [{ type: 'ended' }]);
  }
});

test('takes one final response only', () => {
  const transaction = begin('unreliable');
  respond(transaction, 486, 0);

  assert.equal(respond(transaction, 200, 10), []);
  assert.equal(transaction.handle({ type: 'retransmission' }, 20), [
    { type: 'send', bytes: bytesOf(486), again: true },
  ]);
});

test.run();
