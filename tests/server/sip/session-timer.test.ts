import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NEVER } from '../../../mixer/protocol/units.ts';
import { SipHeaders } from '../../../server/sip/message.ts';
import { readTimerTerms, SessionTimer } from '../../../server/sip/session-timer.ts';
import type { TimerTerms } from '../../../server/sip/session-timer.ts';

const SETTINGS = { expiresSeconds: 1800, minSeconds: 90 };

/** Terms of a message with these lines: `Session-Expires: 90`. */
function terms(...lines: readonly string[]): TimerTerms {
  const headers = new SipHeaders();
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers.append(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  return readTimerTerms(headers);
}

/** Table 2 of RFC 4028, and how the interval comes about. */
const ANSWERS: readonly {
  readonly name: string;
  readonly request: readonly string[];
  readonly expires: string | null;
  readonly require: 'timer' | null;
}[] = [
  {
    name: 'a peer that knows timers and asks for none: ours, and the peer refreshes',
    request: ['Supported: timer'],
    expires: '1800;refresher=uac',
    require: 'timer',
  },
  {
    name: 'a peer that asks for a shorter interval gets it',
    request: ['Supported: timer', 'Session-Expires: 300'],
    expires: '300;refresher=uac',
    require: 'timer',
  },
  {
    name: 'a peer that asks for a longer interval gets ours',
    request: ['Supported: timer', 'Session-Expires: 7200'],
    expires: '1800;refresher=uac',
    require: 'timer',
  },
  {
    name: 'never below Min-SE of the request',
    request: ['Supported: timer', 'Session-Expires: 7200', 'Min-SE: 3600'],
    expires: '3600;refresher=uac',
    require: 'timer',
  },
  {
    name: 'never below Min-SE, when it asks for no interval either',
    request: ['Supported: timer', 'Min-SE: 3600'],
    expires: '3600;refresher=uac',
    require: 'timer',
  },
  {
    name: 'a peer that wants us to refresh',
    request: ['Supported: timer', 'Session-Expires: 90;refresher=uas'],
    expires: '90;refresher=uas',
    require: 'timer',
  },
  {
    name: 'a peer that wants to refresh itself',
    request: ['Supported: timer', 'Session-Expires: 90;Refresher=UAC'],
    expires: '90;refresher=uac',
    require: 'timer',
  },
  {
    name: 'a peer that requires timers knows them',
    request: ['Require: timer', 'Session-Expires: 90'],
    expires: '90;refresher=uac',
    require: 'timer',
  },
  {
    name: 'a proxy asks for one and the peer knows nothing of it: we refresh',
    request: ['Session-Expires: 600;refresher=uac'],
    expires: '600;refresher=uas',
    require: null,
  },
  {
    name: 'less than RFC 4028 allows is taken for the least that it allows',
    request: ['Session-Expires: 0'],
    expires: '90;refresher=uas',
    require: null,
  },
  { name: 'nobody asks: none', request: [], expires: null, require: null },
];

for (const { name, request, expires, require } of ANSWERS) {
  test(`settles the timer of an answer (RFC 4028 §9): ${name}`, () => {
    const timer = new SessionTimer(SETTINGS);

    const lines = new Map(timer.answer(terms(...request), 0));

    assert.is(lines.get('Session-Expires') ?? null, expires);
    assert.is(lines.get('Require') ?? null, require);
    assert.is(timer.deadlineMs === NEVER, expires === null);
  });
}

/** When BYE is due, RFC 4028 §10. */
for (const [seconds, expireMs] of [
  [90, 60_000],
  [96, 64_000],
  [120, 88_000],
  [1800, 1_768_000],
] as const) {
  test(`expires a session of ${seconds} s that the peer does not refresh at ${expireMs / 1000} s (RFC 4028 §10)`, () => {
    const timer = new SessionTimer(SETTINGS);
    timer.answer(terms('Supported: timer', `Session-Expires: ${seconds}`), 0);

    assert.is(timer.deadlineMs, expireMs);
    assert.is(timer.due(expireMs - 1), 'nothing');
    assert.is(timer.due(expireMs), 'expired');
  });
}

test('wants a refresh at half the interval, once, when it is ours', () => {
  const timer = new SessionTimer(SETTINGS);
  timer.answer(terms('Supported: timer', 'Session-Expires: 100;refresher=uas'), 1000);

  assert.is(timer.due(50_999), 'nothing');
  assert.is(timer.due(51_000), 'refresh');
  assert.is(timer.due(51_001), 'nothing');
  assert.equal(timer.requestLines(), [
    ['Session-Expires', '100;refresher=uac'],
    ['Min-SE', '90'],
  ]);

  timer.accepted(terms('Session-Expires: 100;refresher=uac'), 52_000);
  assert.is(timer.deadlineMs, 102_000);
});

test('changes the refresher with the 2xx to a refresh', () => {
  const timer = new SessionTimer(SETTINGS);
  timer.answer(terms('Supported: timer', 'Session-Expires: 100;refresher=uas'), 0);

  timer.accepted(terms('Session-Expires: 200;refresher=uas'), 50_000);

  assert.is(timer.deadlineMs, 50_000 + 168_000, 'only the end is left to us');
  assert.equal(timer.requestLines()[0], ['Session-Expires', '200;refresher=uas']);
});

test('keeps the refresher of a running session when a request leaves it open', () => {
  const timer = new SessionTimer(SETTINGS);
  timer.answer(terms('Supported: timer', 'Session-Expires: 100;refresher=uas'), 0);

  const kept = timer.answer(terms('Supported: timer', 'Session-Expires: 100'), 10_000);
  const changed = timer.answer(terms('Supported: timer', 'Session-Expires: 100;refresher=uac'), 0);

  assert.equal(kept[0], ['Session-Expires', '100;refresher=uas']);
  assert.equal(changed[0], ['Session-Expires', '100;refresher=uac']);
});

test('refreshes itself when the peer forgets about timers in a running session', () => {
  const timer = new SessionTimer(SETTINGS);
  timer.answer(terms('Supported: timer', 'Session-Expires: 100'), 0);

  assert.equal(timer.answer(terms(), 10_000), [['Session-Expires', '100;refresher=uas']]);
});

test('stops when a 2xx bears no Session-Expires (RFC 4028 §7.2)', () => {
  const timer = new SessionTimer(SETTINGS);
  timer.accepted(terms('Session-Expires: 100;refresher=uac'), 0);
  assert.is(timer.deadlineMs, 50_000);

  timer.accepted(terms(), 50_000);

  assert.is(timer.deadlineMs, NEVER);
  assert.equal(timer.requestLines(), []);
});

test('asks for more after a 422, but not twice for the same', () => {
  const timer = new SessionTimer(SETTINGS);
  timer.accepted(terms('Session-Expires: 100;refresher=uac'), 0);

  assert.is(timer.raise(terms('Min-SE: 300')), 'raised');
  assert.equal(timer.requestLines(), [
    ['Session-Expires', '300;refresher=uac'],
    ['Min-SE', '300'],
  ]);
  assert.is(timer.raise(terms('Min-SE: 300')), 'stuck');
  assert.is(timer.raise(terms()), 'stuck');
  assert.is(timer.raise(terms('Min-SE: 4294967295')), 'stuck', 'nobody looks after such a call');
});

test('tries a refused refresh again when half of what is left is over, and still expires', () => {
  const timer = new SessionTimer(SETTINGS);
  timer.accepted(terms('Session-Expires: 120;refresher=uac'), 0);
  assert.is(timer.due(60_000), 'refresh');

  timer.postpone(60_000);

  assert.is(timer.deadlineMs, 74_000);
  assert.is(timer.due(74_000), 'refresh');
  timer.postpone(87_000);
  assert.is(timer.deadlineMs, 88_000, 'too late for another');
});

for (const line of ['Session-Expires: soon', 'Session-Expires: -1', 'Min-SE: ;x', 'Min-SE: 1e9']) {
  test(`does not read ${line}`, () => {
    assert.throws(() => terms(line));
  });
}

test.run();
