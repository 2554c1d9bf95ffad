import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { drawNumber, drawPins, isTooSimple } from '../../../server/reservation/access-data.ts';
import type { Random } from '../../../server/runtime/random.ts';
import { RULES, seededRandom } from './sample-reservations.ts';

for (const digits of ['11111', '00000', '12345', '54321', '01234', '98765', '1234567', '23', '7']) {
  test(`${digits} is too simple`, () => {
    assert.is(isTooSimple(digits), true);
  });
}

for (const digits of ['11112', '12344', '12354', '13579', '90123', '12321', '40213']) {
  test(`${digits} is not too simple`, () => {
    assert.is(isTooSimple(digits), false);
  });
}

/** Chance that first yields what is given, then zeros. */
function scriptedRandom(values: readonly number[]): Random {
  const left = [...values];
  return { integer: () => left.shift() ?? 0, hex: () => '' };
}

test('draws numbers of the asked length that are neither simple nor begin with 0', () => {
  const random = seededRandom(1);

  for (let draw = 0; draw < 2_000; draw += 1) {
    const number = drawNumber({ random, digits: 3, isTaken: () => false }) ?? '';
    assert.match(number, /^[1-9]\d\d$/);
    assert.not.ok(isTooSimple(number), number);
  }
});

test('draws again when a number is taken or too simple', () => {
  const random = scriptedRandom([1_111, 2_345, 30_213]);
  const asked: string[] = [];

  const number = drawNumber({
    random,
    digits: 5,
    isTaken: (candidate) => {
      asked.push(candidate);
      return candidate === '12345' || candidate === '11111';
    },
  });

  assert.is(number, '40213');
  assert.equal(asked, ['40213']);
});

test('finds the last free number, and says so when there is none', () => {
  const onlyFree = (free: string) => (number: string) => number !== free;

  const digits = 3;
  assert.is(drawNumber({ random: seededRandom(2), digits, isTaken: onlyFree('502') }), '502');
  assert.is(drawNumber({ random: seededRandom(2), digits, isTaken: () => true }), null);
  assert.is(drawNumber({ random: seededRandom(2), digits, isTaken: onlyFree('123') }), null);
});

test('draws PINs of their lengths that are not simple', () => {
  const random = seededRandom(3);
  const firstDigits = new Set<string>();

  for (let draw = 0; draw < 2_000; draw += 1) {
    const { pin, adminPin } = drawPins(random, RULES);
    assert.match(pin, /^\d{5}$/);
    assert.match(adminPin, /^\d{7}$/);
    assert.not.ok(isTooSimple(pin) || isTooSimple(adminPin), `${pin} ${adminPin}`);
    firstDigits.add(pin.charAt(0));
  }
  assert.is(firstDigits.size, 10);
});

test('neither PIN is the beginning of the other, nor the same', () => {
  const random = scriptedRandom([7, 0, 2, /* the same beginning */ 7, 0, 2, 9, 5, 5, 2, 0]);

  const pins = drawPins(random, { pinDigits: 3, adminPinDigits: 4 });

  assert.equal(pins, { pin: '702', adminPin: '5520' });
  const two = seededRandom(4);
  for (let draw = 0; draw < 2_000; draw += 1) {
    const { pin, adminPin } = drawPins(two, { pinDigits: 2, adminPinDigits: 2 });
    assert.is.not(pin, adminPin);
  }
});

test('gives up on a source of chance that repeats itself', () => {
  assert.throws(
    () => drawPins(scriptedRandom([]), RULES),
    (error: unknown) => error instanceof Error && 'code' in error && error.code === 'RANDOM_SOURCE',
  );
});

test.run();
