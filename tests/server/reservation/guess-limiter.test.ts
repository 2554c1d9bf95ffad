import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  createGuessLimiter,
  DEFAULT_GUESS_LIMITS,
  type GuessCheck,
  type GuessEvent,
  type GuessKey,
  type GuessLimiter,
} from '../../../server/reservation/guess-limiter.ts';

const MINUTE_MS = 60_000;
const TRUNK = '192.0.2.1';

function keyOf(caller: string | null, number = '40213', address = TRUNK): GuessKey {
  return { number, caller, address };
}

/** Tries wrong PINs a second apart, as far as they are let; what each was answered with, and what was told. */
function guess(limiter: GuessLimiter, keys: readonly GuessKey[], fromMs = 0) {
  const answers: string[] = [];
  const events: GuessEvent[] = [];
  keys.forEach((key, index) => {
    const nowMs = fromMs + index * 1_000;
    const check = limiter.check(key, nowMs);
    answers.push(short(check));
    if (check !== 'refused') events.push(...limiter.wrong(key, nowMs));
  });
  return { answers, events };
}

function short(check: GuessCheck): string {
  return typeof check === 'string' ? check : `${check.delayMs / 1_000} s`;
}

const times = <T>(count: number, value: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => value(index));

test('five wrong PINs cost nothing, four more are delayed ever longer, then all are refused', () => {
  const limiter = createGuessLimiter();

  const { answers } = guess(
    limiter,
    times(11, () => keyOf('48600100200')),
  );

  assert.equal(answers, [
    ...times(5, () => 'allowed'),
    ...['1 s', '2 s', '4 s', '8 s'],
    ...['refused', 'refused'],
  ]);
});

test('counts across calls and rooms of one caller', () => {
  const limiter = createGuessLimiter();
  const addresses = times(9, (index) => `192.0.2.${index}`);

  guess(
    limiter,
    addresses.map((address, index) => keyOf('48600100200', `4021${index}`, address)),
  );

  assert.is(limiter.check(keyOf('48600100200', '55555', '192.0.2.99'), 10_000), 'refused');
});

test('a refusal ends ten minutes after the last wrong PIN, and all is forgotten', () => {
  const limiter = createGuessLimiter();
  const key = keyOf('48600100200');
  guess(
    limiter,
    times(9, () => key),
  );
  const lastMs = 8_000;

  assert.is(limiter.check(key, lastMs + 10 * MINUTE_MS - 1), 'refused');
  assert.is(limiter.check(key, lastMs + 10 * MINUTE_MS), 'allowed');
});

test('wrong PINs older than ten minutes do not count', () => {
  const limiter = createGuessLimiter();
  const key = keyOf('48600100200');
  guess(
    limiter,
    times(5, () => key),
  );

  assert.equal(limiter.check(key, 4_000 + 1_000), { delayMs: 1_000 });
  assert.is(limiter.check(key, 10 * MINUTE_MS), 'allowed');
});

test('another caller is never refused for the wrong PINs of many', () => {
  const limiter = createGuessLimiter();
  const callers = times(40, (index) => keyOf(`4860010${index}`));

  guess(limiter, callers);

  // May try at once; only a wrong answer would be held back.
  assert.equal(limiter.check(keyOf('48700200300'), 40_000), { delayMs: 5_000 });
});

test('callers at another room over another trunk are not held back at all', () => {
  const limiter = createGuessLimiter();
  guess(
    limiter,
    times(40, (index) => keyOf(`4860010${index}`)),
  );

  assert.is(limiter.check(keyOf('48700200300', '50607', '198.51.100.1'), 40_000), 'allowed');
});

test('wrong PINs over a trunk hold back wrong answers at its other rooms, and refuse nobody there', () => {
  const limiter = createGuessLimiter();
  guess(
    limiter,
    times(200, (index) => keyOf(`4860010${index}`)),
  );
  const key = keyOf('48700200300', '50607');

  const { answers } = guess(
    limiter,
    times(3, () => key),
    200_000,
  );

  assert.equal(answers, ['5 s', '5 s', '5 s']);
});

test('an attack by many callers leaves each of them two tries, and a new caller may still be right', () => {
  const limiter = createGuessLimiter();
  guess(
    limiter,
    times(DEFAULT_GUESS_LIMITS.attackLimit, (index) => keyOf(`4860010${index}`)),
  );
  const nowMs = 50_000;

  const { answers } = guess(
    limiter,
    times(3, () => keyOf('48999')),
    nowMs,
  );

  assert.equal(answers, ['5 s', '5 s', 'refused']);
  assert.is.not(limiter.check(keyOf('48700200300'), nowMs), 'refused');
});

test('tells the organiser once, at the fifth wrong PIN at the room, from one caller or many', () => {
  for (const callerOf of [() => '48600100200', (index: number) => `4860010020${index}`]) {
    const limiter = createGuessLimiter();

    const { events } = guess(
      limiter,
      times(8, (index) => keyOf(callerOf(index))),
    );

    assert.equal(events, [{ type: 'room-guessed', number: '40213', wrongPins: 5 }]);
  }
});

test('tells the organiser again when guessing begins anew after ten quiet minutes', () => {
  const limiter = createGuessLimiter();
  const keys = times(6, () => keyOf('48600100200'));
  guess(limiter, keys);

  const { events } = guess(limiter, keys, 20 * MINUTE_MS);

  assert.is(events.length, 1);
});

test('says which caller is refused, and for how long', () => {
  const limiter = createGuessLimiter();
  const keys = times(9, (index) => keyOf('48600100200', `4021${index}`));

  const { events } = guess(limiter, keys);

  assert.equal(events, [{ type: 'caller-refused', key: keys[8], refusedForMs: 600_000 }]);
});

test('withheld callers are refused only at the room and over the address they guessed at', () => {
  const limiter = createGuessLimiter();
  guess(
    limiter,
    times(9, () => keyOf(null)),
  );

  assert.is(limiter.check(keyOf(null), 10_000), 'refused');
  assert.is.not(limiter.check(keyOf(null, '50607'), 10_000), 'refused');
  assert.is(limiter.check(keyOf(null, '50607', '198.51.100.1'), 10_000), 'allowed');
  assert.is.not(limiter.check(keyOf('48700200300'), 10_000), 'refused');
});

test('a caller whose number reads like an internal key is its own caller', () => {
  const limiter = createGuessLimiter();
  guess(
    limiter,
    times(9, () => keyOf(`withheld ${TRUNK} 40213`)),
  );

  assert.is.not(limiter.check(keyOf(null), 10_000), 'refused');
});

test('remembers a bounded number of callers, the latest ones', () => {
  const limiter = createGuessLimiter({ ...DEFAULT_GUESS_LIMITS, remembered: 10, limit: 1 });
  const keys = times(11, (index) => keyOf(`caller${index}`, `${40_000 + index}`, `host${index}`));

  guess(limiter, keys);

  const answers = keys.map((key) => short(limiter.check(key, 11_000)));
  assert.equal(answers, ['allowed', ...times(10, () => '1 s')]);
});

test.run();
