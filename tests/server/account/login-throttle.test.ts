import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createLoginThrottle, type LoginTry } from '../../../server/account/login-throttle.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

const VICTIM = 'ala@example.org';

function from(address: string, differences: Partial<LoginTry> = {}): LoginTry {
  return { address, emailKey: VICTIM, knownDevice: null, ...differences };
}

/** Every address asks again every minute (one alone every ten seconds), all the time; how many passwords were let through in each hour. */
function attack(
  throttle: ReturnType<typeof createLoginThrottle>,
  addresses: number,
  hours: number,
) {
  const perHour: number[] = [];
  const everyMs = addresses === 1 ? 10_000 : MINUTE_MS;
  for (let hour = 0; hour < hours; hour += 1) {
    let tested = 0;
    for (let nowMs = hour * HOUR_MS; nowMs < (hour + 1) * HOUR_MS; nowMs += everyMs) {
      for (let index = 0; index < addresses; index += 1) {
        const address = `198.18.${index >> 8}.${index & 255}`;
        if (throttle.begin(from(address), nowMs).verdict === 'allowed') tested += 1;
      }
    }
    perHour.push(tested);
  }
  return perHour;
}

test('from one address an attacker tests at most 15 passwords of an account in the first hour and 5 in later ones', () => {
  const perHour = attack(createLoginThrottle(), 1, 24);

  assert.ok((perHour[0] ?? 99) <= 15, `first hour: ${perHour[0]}`);
  assert.ok(Math.max(...perHour.slice(1)) <= 5, `later: ${perHour.slice(1).join(' ')}`);
  assert.ok(Math.min(...perHour) >= 1, 'slowed down, not locked');
});

test('from 1,000 addresses an attacker tests at most 150 passwords of an account in the first hour and 1,000 in any two later ones', () => {
  const perHour = attack(createLoginThrottle(), 1_000, 7);

  assert.ok((perHour[0] ?? 9_999) <= 150, `first hour: ${perHour[0]}`);
  const pairs = perHour.slice(2).map((tested, index) => tested + (perHour[index + 1] ?? 0));
  assert.ok(Math.max(...pairs) <= 1_000, `later: ${perHour.slice(1).join(' ')}`);
});

test('10,000 tries from one address that names another account each time let through 20 and then 6 an hour', () => {
  const throttle = createLoginThrottle();
  let tested = 0;

  for (let index = 0; index < 10_000; index += 1) {
    const attempt = from('192.0.2.1', { emailKey: `user${index}@example.org` });
    if (throttle.begin(attempt, (index * 4 * HOUR_MS) / 10_000).verdict === 'allowed') tested += 1;
  }

  assert.ok(tested >= 20 && tested <= 20 + 4 * 6 + 8, `${tested}`);
});

test('a device that logged in before gets in at once in the middle of an attack from 1,000 addresses', () => {
  const throttle = createLoginThrottle();
  attack(throttle, 1_000, 1);

  const known = from('198.18.0.1', { knownDevice: 'device' });

  assert.equal(throttle.begin(known, HOUR_MS), { verdict: 'allowed' });
});

test('a stolen device cookie gives ten tries and then about ten an hour, and does not stop other devices', () => {
  const throttle = createLoginThrottle();
  const stolen = from('192.0.2.1', { knownDevice: 'stolen' });
  let tested = 0;

  for (let nowMs = 0; nowMs < 2 * HOUR_MS; nowMs += 1_000) {
    if (throttle.begin(stolen, nowMs).verdict === 'allowed') tested += 1;
  }

  assert.ok(tested >= 20 && tested <= 45, `${tested}`);
  const own = from('192.0.2.1', { knownDevice: 'own' });
  assert.equal(throttle.begin(own, 2 * HOUR_MS), { verdict: 'allowed' });
});

test('from a new address the owner is told a time within two hours, and then is let in, whatever the attacker does', () => {
  const throttle = createLoginThrottle();
  attack(throttle, 1_000, 2);
  const owner = from('203.0.113.9');
  const startMs = 2 * HOUR_MS;

  const first = throttle.begin(owner, startMs);

  assert.is(first.verdict, 'wait');
  const waitMs = first.verdict === 'wait' ? first.waitMs : 0;
  assert.ok(waitMs > 0 && waitMs <= 2 * HOUR_MS, `${waitMs}`);
  for (let nowMs = startMs; nowMs < startMs + waitMs; nowMs += MINUTE_MS) {
    for (let index = 0; index < 1_000; index += 1) {
      throttle.begin(from(`198.18.${index >> 8}.${index & 255}`), nowMs);
    }
  }
  // Asking again too early does not push the turn back.
  assert.equal(throttle.begin(owner, startMs + 1), { verdict: 'wait', waitMs: waitMs - 1 });
  assert.equal(throttle.begin(owner, startMs + waitMs), { verdict: 'allowed' });
});

test('an attacker at one address does not slow down others at the same account', () => {
  const throttle = createLoginThrottle();
  attack(throttle, 1, 5);

  assert.equal(throttle.begin(from('203.0.113.9'), 5 * HOUR_MS), { verdict: 'allowed' });
});

test('a right password is not counted, and ends the waiting of this address at this account', () => {
  const throttle = createLoginThrottle();
  for (let index = 0; index < 4; index += 1) throttle.begin(from('192.0.2.1'), 0);

  for (let index = 0; index < 100; index += 1) {
    assert.is(throttle.begin(from('192.0.2.1'), 0).verdict, 'allowed');
    throttle.succeeded(from('192.0.2.1'), 0);
  }
});

test('a right password for an own account in between does not wash an address clean', () => {
  const throttle = createLoginThrottle();
  const own = from('192.0.2.1', { emailKey: 'mallory@example.org' });
  let tested = 0;

  for (let index = 0; index < 200; index += 1) {
    if (throttle.begin(own, 0).verdict === 'allowed') throttle.succeeded(own, 0);
    const spray = from('192.0.2.1', { emailKey: `user${index}@example.org` });
    if (throttle.begin(spray, 0).verdict === 'allowed') tested += 1;
  }

  assert.ok(tested <= 21, `${tested}`);
});

test('a thousand tries at the same moment are counted before any of them has failed', () => {
  const throttle = createLoginThrottle();
  const verdicts = Array.from({ length: 1_000 }, () => throttle.begin(from('192.0.2.1'), 0));

  assert.is(verdicts.filter(({ verdict }) => verdict === 'allowed').length, 6);
});

test('addresses of one IPv6 /64 are one, and IPv4 written as IPv6 is IPv4', () => {
  const throttle = createLoginThrottle();
  for (let index = 0; index < 10; index += 1) throttle.begin(from(`2001:db8::${index}`), 0);

  assert.is(throttle.begin(from('2001:db8:0:0:ffff::1'), 0).verdict, 'wait');
  assert.is(throttle.begin(from('2001:db8:0:1::1'), 0).verdict, 'allowed');
  for (let index = 0; index < 10; index += 1) throttle.begin(from('192.0.2.1'), 0);
  assert.is(throttle.begin(from('::ffff:192.0.2.1'), 0).verdict, 'wait');
});

test('an account that does not exist is throttled like one that does: the throttle knows no accounts', () => {
  const throttle = createLoginThrottle();
  const unknown = from('192.0.2.1', { emailKey: 'nobody@example.org' });
  const waits = [from('192.0.2.2'), unknown].map((attempt) =>
    Array.from({ length: 8 }, () => throttle.begin(attempt, 0)),
  );

  assert.equal(waits[0], waits[1]);
});

test('a clock that is set back by a day opens nothing and locks nobody out for longer than the longest wait', () => {
  const throttle = createLoginThrottle();
  for (let index = 0; index < 10; index += 1) throttle.begin(from('192.0.2.1'), 24 * HOUR_MS);

  const verdict = throttle.begin(from('192.0.2.1'), 0);

  assert.is(verdict.verdict, 'wait');
  assert.ok(verdict.verdict === 'wait' && verdict.waitMs <= 15 * MINUTE_MS);
});

test('what is remembered is bounded', () => {
  const throttle = createLoginThrottle(100);
  for (let index = 0; index < 6; index += 1) throttle.begin(from('192.0.2.1'), 0);
  assert.is(throttle.begin(from('192.0.2.1'), 0).verdict, 'wait');

  for (let index = 0; index < 100; index += 1) {
    throttle.begin(from(`198.51.100.${index}`, { emailKey: `user${index}@example.org` }), 1);
  }

  assert.is(throttle.begin(from('192.0.2.1'), 1).verdict, 'allowed', 'the oldest are forgotten');
});

test.run();
