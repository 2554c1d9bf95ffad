import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NEVER } from '../../../mixer/protocol/units.ts';
import type { MonotonicMs } from '../../../mixer/protocol/units.ts';
import { DeadlineQueue } from '../../../server/sip/deadline-queue.ts';
import { createSipEndpoint } from '../../../server/sip/endpoint.ts';
import type { SipAction, SipEvent } from '../../../server/sip/user-agent.ts';
import { PEER_FLOW, PEER_TCP_FLOW, seededRandom } from './sip-lab.ts';
import { SimCaller } from './sim-caller.ts';
import type { CallPlan } from './sim-caller.ts';

/** What a network does to packets. Chances are per 1000. */
interface Weather {
  readonly lost: number;
  readonly doubled: number;
  /** Delays are from 1 to this, so that packets overtake one another. */
  readonly delayMs: number;
}

const PLANS: readonly CallPlan[] = [
  'caller hangs up',
  'server hangs up',
  'caller cancels',
  'server rejects',
  'caller holds and hangs up',
  'both hang up',
  'offer in the answer',
];

interface Packet {
  readonly to: 'server' | 'caller';
  readonly bytes: Uint8Array;
}

interface RunOptions {
  readonly seed: number;
  readonly count: number;
  readonly weather: Weather;
  readonly transport: 'udp' | 'tcp';
}

const FAIR: Weather = { lost: 0, doubled: 0, delayMs: 1 };
const COUNT = 140;

/** Calls over a bad network, all in one seeded run. Time is a number that jumps from deadline to deadline. */
function runCalls(options: RunOptions) {
  const { seed, count, weather, transport } = options;
  const random = seededRandom(seed);
  const flow = transport === 'udp' ? PEER_FLOW : PEER_TCP_FLOW;
  const endpoint = createSipEndpoint({
    random: seededRandom(seed + 1),
    isTrusted: () => true,
    userAgent: 'test',
  });
  const packets = new DeadlineQueue<Packet>();
  const caller = new SimCaller({ random, transport });
  const events = new Map<string, SipEvent[]>();
  const duties = new DeadlineQueue<() => void>();
  let nowMs: MonotonicMs = 0;
  let endedByNoAck = 0;

  const chance = (perMille: number): boolean => random.integer(1000) < perMille;
  const transmit = (packet: Packet): void => {
    const reliable = transport === 'tcp';
    const copies = reliable ? 1 : chance(weather.lost) ? 0 : chance(weather.doubled) ? 2 : 1;
    for (let i = 0; i < copies; i += 1) {
      const delayMs = reliable ? 5 : 1 + random.integer(weather.delayMs);
      packets.set({ ...packet }, nowMs + delayMs);
    }
  };
  const perform = (actions: readonly SipAction[]): void => {
    for (const action of actions) {
      if (action.type === 'send') transmit({ to: 'caller', bytes: action.bytes });
      if (action.type === 'event') onEvent(action.event);
    }
  };
  const command = (afterMs: number, make: Parameters<typeof endpoint.handle>[0]): void =>
    duties.set(() => perform(endpoint.handle(make, nowMs)), nowMs + afterMs);
  const onEvent = (event: SipEvent): void => {
    if (!('dialogId' in event)) return;
    const { dialogId } = event;
    const list = events.get(dialogId) ?? [];
    list.push(event);
    events.set(dialogId, list);
    const answer = { type: 'answer', dialogId, sdp: 'v=0', localHost: '192.0.2.10' } as const;
    if (event.type === 'invite') {
      const plan = caller.planOf(event.invite.callIdHeader);
      command(1, { type: 'command', command: { type: 'ring', dialogId } });
      if (plan === 'server rejects') {
        const busy = { status: 486, retryAfterS: null, reason: null } as const;
        command(300, { type: 'command', command: { type: 'reject', dialogId, ...busy } });
      } else {
        command(plan === 'caller cancels' ? 2000 : 300, { type: 'command', command: answer });
      }
      if (plan === 'server hangs up' || plan === 'both hang up') {
        const hangUp = { type: 'hang-up', dialogId, reason: null } as const;
        command(6000, { type: 'command', command: hangUp });
      }
    } else if (event.type === 'reoffer') {
      command(20, { type: 'command', command: answer });
    } else if (event.type === 'ended' && event.by === 'no-ack') {
      endedByNoAck += 1;
    }
  };
  const sendAll = (list: readonly Uint8Array[]): void => {
    for (const bytes of list) transmit({ to: 'server', bytes });
  };

  for (let i = 0; i < count; i += 1) {
    const plan = PLANS[i % PLANS.length] ?? 'caller hangs up';
    duties.set(() => sendAll(caller.call(`call-${i}`, plan, nowMs)), i * 20);
  }
  for (let steps = 0; steps < count * 2000; steps += 1) {
    nowMs = Math.min(packets.nextMs, duties.nextMs, endpoint.deadlineMs, caller.deadlineMs);
    if (nowMs === NEVER) break;
    const packet = packets.takeDue(nowMs);
    const duty = duties.takeDue(nowMs);
    if (packet?.to === 'server') {
      perform(endpoint.handle({ type: 'received', flow, bytes: packet.bytes }, nowMs));
    } else if (packet !== undefined) {
      sendAll(caller.receive(packet.bytes, nowMs));
    }
    duty?.();
    if (endpoint.deadlineMs <= nowMs) perform(endpoint.handle({ type: 'timeout' }, nowMs));
    if (caller.deadlineMs <= nowMs) sendAll(caller.timeout(nowMs));
  }
  return { endpoint, caller, events, endedByNoAck, nowMs };
}

function assertAgreed(run: ReturnType<typeof runCalls>, count: number): void {
  assert.is(run.endedByNoAck, 0, 'every 200 was acknowledged in the end');
  assert.is(run.caller.failures, 0, 'every request was answered in the end');
  assert.is(run.endpoint.deadlineMs, NEVER, 'the server has no timer left');
  assert.is(run.caller.deadlineMs, NEVER, 'the caller has no timer left');
  assert.equal(
    [run.endpoint.figures.dialogs, run.endpoint.figures.transactions],
    [0, 0],
    'the server has forgotten everything',
  );
  assert.is(run.events.size, count, 'every call has arrived once');
  for (const list of run.events.values()) {
    const types = list.map((event) => event.type);
    const ends = types.filter((type) => type === 'ended' || type === 'cancelled').length;
    const invite = list[0];
    assert.ok(invite?.type === 'invite');
    const callId = invite.invite.callIdHeader;
    const outcome = run.caller.outcomeOf(callId);
    if (outcome === 'refused') {
      assert.not.ok(types.includes('established'), `${callId}: ${types.join(' ')}`);
      assert.ok(ends <= 1);
    } else {
      assert.is(outcome, 'ended', callId);
      assert.is(ends, 1, `${callId}: ${types.join(' ')}`);
      assert.is(types.at(-1), 'ended', `${callId}: ${types.join(' ')}`);
    }
  }
}

test('completes all calls of a fair network', () => {
  const run = runCalls({ seed: 1, count: COUNT, weather: FAIR, transport: 'udp' });

  assertAgreed(run, COUNT);
});

test('completes all calls over a connection', () => {
  const run = runCalls({ seed: 2, count: COUNT, weather: FAIR, transport: 'tcp' });

  assertAgreed(run, COUNT);
});

for (const [name, weather] of [
  ['packets overtake one another', { lost: 0, doubled: 0, delayMs: 80 }],
  ['packets come twice', { lost: 0, doubled: 500, delayMs: 40 }],
  ['one packet in twenty is lost', { lost: 50, doubled: 0, delayMs: 20 }],
  ['one in four is lost, one in five comes twice', { lost: 250, doubled: 200, delayMs: 120 }],
] as const) {
  test(`agrees with the caller about the end of every call when ${name}`, () => {
    for (let seed = 1; seed <= 4; seed += 1) {
      const run = runCalls({ seed: seed * 100, count: COUNT, weather, transport: 'udp' });
      assertAgreed(run, COUNT);
    }
  });
}

test.run();
