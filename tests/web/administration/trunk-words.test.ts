import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { TroubleCode } from '../../../server/trunk/trouble.ts';
import {
  hostText,
  hostTrouble,
  registrationTimes,
  troubleText,
} from '../../../web/administration/trunk-words.ts';
import { host, registration, trouble } from './sample-trunks.ts';

/** Every trouble that the server knows: one that is left out does not compile. */
const EVERY: Readonly<Record<TroubleCode, 'here'>> = {
  'wrong-credentials': 'here',
  'other-realm': 'here',
  'unknown-challenge': 'here',
  'endless-challenges': 'here',
  'wrong-proof': 'here',
  'no-time': 'here',
  'no-interval': 'here',
  status: 'here',
  'no-answer': 'here',
  unreachable: 'here',
  'connection-broke': 'here',
  'no-address': 'here',
  'dns-silent': 'here',
  'came-to-nothing': 'here',
};

const EN = { language: 'en', moment: (instant: string) => instant } as const;
const PL = { language: 'pl', moment: (instant: string) => instant } as const;

for (const code of Object.keys(EVERY)) {
  test(`has words for ${code} in both languages`, () => {
    const one = trouble(code, { status: 403 });

    const said = [troubleText(one, 'pl'), troubleText(one, 'en')];

    assert.is(new Set([...said, code, 'in English']).size, 4);
  });
}

test('says what a status means, and what the provider said', () => {
  const of = (status: number, detail: string) => trouble('status', { status, detail });

  assert.match(troubleText(of(403, '403 Forbidden'), 'en'), /refuses.*\(403 Forbidden\)$/u);
  assert.match(troubleText(of(604, '604 Nowhere'), 'pl'), /nie zna takiego.*\(604 Nowhere\)$/u);
  assert.is(troubleText(of(500, '500 Oops'), 'en'), 'The provider answers: 500 Oops');
  assert.is(troubleText(of(500, '500 Oops'), 'pl'), 'Operator odpowiada: 500 Oops');
  assert.is(troubleText(trouble('status', { detail: 'it answers' }), 'en'), 'it answers');
});

test('says the status that a ping was answered with, without the English of the server', () => {
  const of503 = trouble('status', { status: 503, detail: 'it answers 503' });

  assert.is(troubleText(of503, 'pl'), 'Operator chwilowo nie działa. (503)');
  assert.match(troubleText(of503, 'en'), /out of service for now\. \(503\)$/u);
});

test('shows a trouble that it does not know as the server tells it', () => {
  assert.is(troubleText(trouble('of-tomorrow'), 'pl'), 'in English');
  assert.is(troubleText(trouble('constructor'), 'pl'), 'in English');
});

test('says until when a registration holds and what comes next', () => {
  assert.is(
    registrationTimes(registration(), EN),
    'since 12:00, valid until 13:00, refreshed at 12:50',
  );
  assert.is(
    registrationTimes(registration({ registeredUntil: null, state: 'refused' }), PL),
    'od 12:00, następna próba 12:50',
  );
  const waiting = { state: 'failing', registeredUntil: null, nextTryAt: null } as const;
  assert.is(registrationTimes(registration(waiting), EN), 'since 12:00, waits for an answer');
  assert.is(registrationTimes(registration({ ...waiting, state: 'stopped' }), EN), 'since 12:00');
  assert.is(registrationTimes(registration({ nextTryAt: null }), PL), 'od 12:00, ważna do 13:00');
});

test('says where a host is and how soon it answers', () => {
  assert.is(
    hostText(host({ state: 'up', since: '12:00', roundTripMs: 12 }), EN),
    'udp 192.0.2.7:5060, first choice, since 12:00, answers in 12 ms',
  );
  assert.is(
    hostText(host({ address: null, use: 'spare', roundTripMs: 0 }), PL),
    'bez adresu, zapasowy, odpowiada w < 1 ms',
  );
});

test('says what is wrong with a host only while it is away', () => {
  const silent = trouble('no-answer');

  assert.is(hostTrouble(host({ state: 'up', trouble: silent }), 'en'), null);
  assert.match(hostTrouble(host({ state: 'down', trouble: silent }), 'en') ?? '', /no answer/u);
  assert.is(hostTrouble(host({ state: 'down' }), 'en'), null);
});

test.run();
