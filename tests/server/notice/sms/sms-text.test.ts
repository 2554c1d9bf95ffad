import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { segmentsOf } from '../../../../server/notice/sms/gsm7.ts';
import { quoteText, smsText } from '../../../../server/notice/sms/sms-text.ts';
import type { SmsKind, SmsWording } from '../../../../server/notice/sms/sms-text.ts';
import { at } from '../../reservation/sample-reservations.ts';
import { sampleFacts } from './sample-sms.ts';

const KINDS: readonly SmsKind[] = ['invitation', 'reminder', 'starting', 'update', 'cancellation'];
const LANGUAGES = ['pl', 'en'] as const;

function wording(differences: Partial<SmsWording> = {}): SmsWording {
  return {
    kind: 'invitation',
    language: 'pl',
    sender: 'HaloNet',
    letters: 'ascii',
    ...differences,
  };
}

test('carries date, time, access number, conference number and PIN', () => {
  const text = smsText(sampleFacts({ startAtMs: at('2026-11-10T14:36Z') }), wording());

  assert.is(
    text,
    'HaloNet: Zaproszenie na telekonferencje 10.11 o 15:36. Zadzwon: 223500908, nr konferencji 40213, PIN 70214.',
  );
});

test('says the same in English, with the offset of the zone', () => {
  const facts = sampleFacts({ startAtMs: at('2026-11-10T14:36Z') });

  assert.is(
    smsText(facts, wording({ language: 'en' })),
    'HaloNet: Invitation to a conference call, Tue 10 Nov at 15:36 (UTC+1). Call 223500908, conference number 40213, PIN 70214.',
  );
});

for (const [zone, time] of [
  ['Europe/Warsaw', '15.07 o 16:36.'],
  ['Europe/London', '15.07 o 15:36 (UTC+1).'],
  ['UTC', '15.07 o 14:36 (UTC).'],
  ['America/St_Johns', '15.07 o 12:06 (UTC-2:30).'],
  ['Asia/Tokyo', '15.07 o 23:36 (UTC+9).'],
  ['Pacific/Kiritimati', '16.07 o 04:36 (UTC+14).'],
]) {
  test(`shows the time of ${zone ?? ''}, with the offset where readers would not guess it`, () => {
    const facts = sampleFacts({ startAtMs: at('2026-07-15T14:36Z'), zone: zone ?? '' });

    assert.ok(smsText(facts, wording()).includes(time ?? ''), smsText(facts, wording()));
  });
}

test('says the hour that is repeated as clocks in Warsaw show it, both times', () => {
  const first = sampleFacts({ startAtMs: at('2026-10-25T00:30Z') });
  const second = sampleFacts({ startAtMs: at('2026-10-25T01:30Z') });

  assert.match(smsText(first, wording({ language: 'en' })), /Sun 25 Oct at 02:30 \(UTC\+2\)/);
  assert.match(smsText(second, wording({ language: 'en' })), /Sun 25 Oct at 02:30 \(UTC\+1\)/);
});

for (const language of LANGUAGES) {
  for (const kind of KINDS) {
    test(`is one GSM-7 segment at its longest: ${kind} in ${language}`, () => {
      for (let day = 0; day < 366; day += 1) {
        const text = smsText(
          sampleFacts(
            {
              startAtMs: at('2027-12-01T23:59Z') + day * 86_400_000,
              zone: day % 2 === 0 ? 'Pacific/Chatham' : 'America/St_Johns',
              number: '123456789',
              pin: '987654321',
            },
            '+48 123 456 789 012 3',
          ),
          wording({ kind, language, sender: 'Konferencje' }),
        );

        assert.match(text, /^[\x20-\x7e]+$/);
        assert.ok(text.length <= 160, `${text.length}: ${text}`);
        assert.is(segmentsOf(text).segments, 1);
      }
    });

    test(`tells neither organiser nor title nor ADMIN PIN nor link: ${kind} in ${language}`, () => {
      const facts = sampleFacts({ title: 'Secret plan', note: 'Bring cake' });

      const text = smsText(facts, wording({ kind, language }));

      for (const word of ['Ewa', 'ewa@', 'Secret', 'cake', '5520931', 'http', '?']) {
        assert.not.ok(text.includes(word), `${word} in ${text}`);
      }
    });
  }
}

test('a cancellation has no PIN and nothing to call', () => {
  const text = smsText(sampleFacts(), wording({ kind: 'cancellation' }));

  assert.is(text, 'HaloNet: Telekonferencja nr 40213, 02.03 o 11:00, zostala odwolana.');
});

test('an update speaks of a new time', () => {
  assert.match(smsText(sampleFacts(), wording({ kind: 'update' })), /Nowy termin/);
  assert.match(smsText(sampleFacts(), wording({ kind: 'update', language: 'en' })), /New time/);
});

test('a numeric sender does not begin the text', () => {
  assert.match(smsText(sampleFacts(), wording({ sender: '+48223500908' })), /^Zaproszenie/);
});

test('keeps Polish letters when they are wanted', () => {
  const text = smsText(sampleFacts(), wording({ letters: 'as-written' }));

  assert.match(text, /telekonferencję .*Zadzwoń/);
  assert.is(segmentsOf(text).encoding, 'ucs-2');
});

test('names no number where none is configured, and the on-net one where there is no other', () => {
  const facts = sampleFacts();
  const onNet = { ...facts, accessNumbers: facts.accessNumbers.slice(0, 1) };

  assert.match(smsText({ ...facts, accessNumbers: [] }, wording()), /11:00\. Nr konferencji 40213/);
  assert.match(smsText(onNet, wording()), /Zadzwon: 908, /);
});

for (const language of LANGUAGES) {
  for (const kind of KINDS) {
    test(`a quote is as long as the message will be: ${kind} in ${language}`, () => {
      const facts = sampleFacts();
      const { startAtMs, zone } = facts.reservation;
      const draft = {
        ...wording({ kind, language }),
        startAtMs,
        zone,
        accessNumbers: facts.accessNumbers,
        numberDigits: 5,
        pinDigits: 5,
      };

      const quote = quoteText(draft);
      const unknown = quoteText({ ...draft, startAtMs: null });

      assert.is(quote.length, smsText(facts, draft).length);
      assert.match(quote, /xxxxx/);
      assert.ok(unknown.length >= quote.length);
      assert.not.match(unknown.replace('223500908', ''), /[0-9]/);
    });
  }
}

test.run();
