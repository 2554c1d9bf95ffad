import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NEVER } from '../../../mixer/protocol/units.ts';
import type { Core } from '../../../server/runtime/core.ts';
import { ClientTransaction } from '../../../server/sip/client-transaction.ts';
import type { ClientInput } from '../../../server/sip/client-transaction.ts';
import { InviteClientTransaction } from '../../../server/sip/invite-client-transaction.ts';
import type { InviteClientInput } from '../../../server/sip/invite-client-transaction.ts';
import { SipHeaders } from '../../../server/sip/message.ts';
import type { SipResponse } from '../../../server/sip/message.ts';
import { DEFAULT_SIP_TIMERS } from '../../../server/sip/sip-timers.ts';
import type { Reliability } from '../../../server/sip/sip-timers.ts';
import type { TransactionAction } from '../../../server/sip/transaction-action.ts';

type Client = Core<ClientInput, TransactionAction>;
type InviteClient = Core<InviteClientInput, TransactionAction>;

const REQUEST = Buffer.from('request');
const ACK = Buffer.from('ACK');

function client(reliability: Reliability): Client {
  const core = new ClientTransaction({ timers: DEFAULT_SIP_TIMERS, reliability }, REQUEST);
  core.handle({ type: 'start' }, 0);
  return core;
}

function inviteClient(reliability: Reliability): InviteClient {
  const settings = { timers: DEFAULT_SIP_TIMERS, reliability };
  const core = new InviteClientTransaction(settings, { request: REQUEST, ackOf: () => ACK });
  core.handle({ type: 'start' }, 0);
  return core;
}

function response(status: number): { readonly type: 'response'; readonly response: SipResponse } {
  const headers = new SipHeaders();
  const body = new Uint8Array(0);
  return {
    type: 'response',
    response: { kind: 'response', status, reasonPhrase: '', headers, body },
  };
}

function names(actions: readonly TransactionAction[]): readonly string[] {
  return actions.map((action) => action.type);
}

function sendTimes(core: Client, untilMs: number): readonly number[] {
  const times: number[] = [];
  for (let left = 100; left > 0 && core.deadlineMs <= untilMs; left -= 1) {
    const nowMs = core.deadlineMs;
    if (names(core.handle({ type: 'timeout' }, nowMs)).includes('send')) times.push(nowMs);
  }
  return times;
}

test('sends its request at the start', () => {
  const core = new ClientTransaction(
    { timers: DEFAULT_SIP_TIMERS, reliability: 'unreliable' },
    REQUEST,
  );

  assert.is(core.deadlineMs, NEVER);
  assert.equal(core.handle({ type: 'start' }, 0), [{ type: 'send', bytes: REQUEST }]);
});

test('retransmits every T1 doubling to T2 and gives up after 64*T1 (RFC 3261 §17.1.2, timers E and F)', () => {
  const core = client('unreliable');

  const times = sendTimes(core, 31_999);
  assert.equal(times, [500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500]);
  assert.equal(core.handle({ type: 'timeout' }, 32_000), [
    { type: 'failed', why: 'timeout' },
    { type: 'ended' },
  ]);
});

test('retransmits every T2 after a provisional response', () => {
  const core = client('unreliable');
  core.handle(response(100), 100);

  assert.equal(sendTimes(core, 9000), [500, 4500, 8500]);
});

test('passes the final response up once and absorbs it for T4 (timer K)', () => {
  const core = client('unreliable');

  assert.equal(names(core.handle(response(200), 100)), ['response']);
  assert.equal(names(core.handle(response(200), 200)), []);
  assert.is(core.deadlineMs, 5100);
  assert.equal(names(core.handle({ type: 'timeout' }, 5100)), ['ended']);
});

test('retransmits nothing and lingers for nothing over a reliable transport', () => {
  const core = client('reliable');

  assert.is(core.deadlineMs, 32_000);
  assert.equal(names(core.handle(response(481), 100)), ['response', 'ended']);
});

test('fails when its connection is gone', () => {
  assert.equal(client('reliable').handle({ type: 'transport-failed' }, 1), [
    { type: 'failed', why: 'transport' },
    { type: 'ended' },
  ]);
});

test('retransmits an INVITE at T1 doubling without a bound and gives up after 64*T1 (RFC 3261 §17.1.1, timers A and B)', () => {
  const core = inviteClient('unreliable');

  assert.equal(sendTimes(core, 31_999), [500, 1500, 3500, 7500, 15_500, 31_500]);
  assert.equal(names(core.handle({ type: 'timeout' }, 32_000)), ['failed', 'ended']);
});

test('stops retransmitting an INVITE at a provisional response, and waits without a limit', () => {
  const core = inviteClient('unreliable');

  assert.equal(names(core.handle(response(180), 100)), ['response']);
  assert.is(core.deadlineMs, NEVER);
});

test('asks for a CANCEL once a provisional response is here, and waits 64*T1 for its effect (RFC 3261 §9.1)', () => {
  const early = inviteClient('unreliable');
  const late = inviteClient('reliable');

  assert.equal(early.handle({ type: 'cancel' }, 50), []);
  assert.equal(names(early.handle(response(180), 100)), ['response', 'cancel']);
  assert.equal(names(early.handle(response(180), 200)), ['response']);
  assert.is(early.deadlineMs, 32_100);
  assert.equal(names(early.handle({ type: 'timeout' }, 32_100)), ['failed', 'ended']);

  late.handle(response(180), 100);
  assert.equal(late.handle({ type: 'cancel' }, 1000), [{ type: 'cancel' }]);
  assert.equal(late.handle({ type: 'cancel' }, 2000), []);
  assert.equal(names(late.handle(response(487), 3000)), ['send', 'response', 'ended']);
  assert.equal(late.handle({ type: 'cancel' }, 4000), []);
});

test('acknowledges a refusal, and again whenever it comes again, for 64*T1 (timer D)', () => {
  const core = inviteClient('unreliable');

  assert.equal(names(core.handle(response(486), 100)), ['send', 'response']);
  assert.equal(core.handle(response(486), 200), [{ type: 'send', bytes: ACK, again: true }]);
  assert.equal(core.handle(response(200), 300), []);
  assert.is(core.deadlineMs, 32_100);
  assert.equal(names(core.handle({ type: 'timeout' }, 32_100)), ['ended']);
});

test('acknowledges a refusal once over a reliable transport', () => {
  assert.equal(names(inviteClient('reliable').handle(response(486), 100)), [
    'send',
    'response',
    'ended',
  ]);
});

test('passes every 2xx up for 64*T1 (RFC 6026 §7.2, timer M)', () => {
  const core = inviteClient('unreliable');

  assert.equal(names(core.handle(response(200), 100)), ['response']);
  assert.equal(names(core.handle(response(200), 200)), ['response']);
  assert.equal(names(core.handle(response(486), 300)), []);
  assert.equal(names(core.handle({ type: 'timeout' }, 32_100)), ['ended']);
});

test.run();
