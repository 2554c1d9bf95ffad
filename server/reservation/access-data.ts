import { CodedError } from '../../mixer/protocol/coded-error.ts';
import type { Random } from '../runtime/random.ts';
import type { ReservationRules } from './reservation.ts';

/** Draws that are tried before the numbers are gone through one by one. */
const DRAWS = 100;

/** Most numbers that are gone through. */
const LONGEST_SEARCH = 100_000;

/** Chance of a simple PIN is below 1 in 30 for three digits and more: this many in a row do not happen. */
const PIN_DRAWS = 1_000;

/** Tells whether digits are all the same (11111) or run up or down (12345, 54321): too easily guessed. */
export function isTooSimple(digits: string): boolean {
  const steps = new Set<number>();
  for (let index = 1; index < digits.length; index += 1) {
    steps.add(digits.charCodeAt(index) - digits.charCodeAt(index - 1));
  }
  const [step = 0] = steps;
  return steps.size < 2 && Math.abs(step) <= 1;
}

/** What a number is drawn from. `isTaken` is asked about each candidate. */
export interface NumberDraw {
  readonly random: Random;
  readonly digits: number;
  readonly isTaken: (number: string) => boolean;
}

/**
 * Draws a free conference number. It does not begin with 0, which spreadsheets and people drop.
 * Null when none was found free.
 */
export function drawNumber({ random, digits, isTaken }: NumberDraw): string | null {
  const first = 10 ** (digits - 1);
  const count = 9 * first;
  const isFree = (number: string): boolean => !isTooSimple(number) && !isTaken(number);
  for (let draw = 0; draw < DRAWS; draw += 1) {
    const number = String(first + random.integer(count));
    if (isFree(number)) return number;
  }
  const offset = random.integer(count);
  for (let step = 0; step < Math.min(count, LONGEST_SEARCH); step += 1) {
    const number = String(first + ((offset + step) % count));
    if (isFree(number)) return number;
  }
  return null;
}

/** PIN and ADMIN PIN of a reservation. */
export interface Pins {
  readonly pin: string;
  readonly adminPin: string;
}

/**
 * Draws a PIN and an ADMIN PIN. Neither is the beginning of the other: both are keyed at the same prompt, and the
 * shorter must not be taken for the longer half keyed.
 */
export function drawPins(
  random: Random,
  rules: Pick<ReservationRules, 'pinDigits' | 'adminPinDigits'>,
): Pins {
  const pin = drawDigits(random, rules.pinDigits, () => true);
  const adminPin = drawDigits(
    random,
    rules.adminPinDigits,
    (digits) => !digits.startsWith(pin) && !pin.startsWith(digits),
  );
  return { pin, adminPin };
}

function drawDigits(random: Random, count: number, isGood: (digits: string) => boolean): string {
  for (let draw = 0; draw < PIN_DRAWS; draw += 1) {
    const digits = Array.from({ length: count }, () => random.integer(10)).join('');
    if (!isTooSimple(digits) && isGood(digits)) return digits;
  }
  throw new CodedError('RANDOM_SOURCE', 'the source of random numbers repeats itself', { count });
}
