import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { reservationEmail } from '../../../../server/notice/email/reservation-email.ts';
import type { ReservationNoticeKind } from '../../../../server/notice/notice.ts';
import type { Language } from '../../../../server/reservation/reservation.ts';
import { HOUR_MS, sampleFacts, sampleSettings, START_AT_MS } from './sample-facts.ts';

const INVITING = ['invitation', 'reminder', 'starting', 'update'] as const;
const TO_PARTICIPANTS = [...INVITING, 'cancellation'] as const;
const WITH_EVERYTHING = ['organiser-booked', 'organiser-changed'] as const;
const TO_ORGANISERS = [...WITH_EVERYTHING, 'organiser-deleted', 'organiser-guessing'] as const;
const LANGUAGES = ['pl', 'en'] as const;

const EVERY_ONE: readonly (readonly [ReservationNoticeKind, Language])[] = [
  ...TO_PARTICIPANTS,
  ...TO_ORGANISERS,
].flatMap((kind) => LANGUAGES.map((language) => [kind, language] as const));

/** What a person reads of an HTML letter. */
function readable(html: string): string {
  return html
    .replace(/<style>.*?<\/style>|<!--.*?-->|<[^>]*>/gsu, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/\s+/gu, ' ');
}

for (const kind of INVITING) {
  test(`gives participants all they need in ${kind}, in text and in HTML`, () => {
    const email = reservationEmail(kind, sampleFacts(), sampleSettings('pl'));

    const parts = [
      'Narada zarządu',
      'Anna Nowak',
      'wtorek, 1 grudnia 2026, 10:00–11:00',
      'czas warszawski, UTC+1',
      '22 350 09 08',
      '908',
      'tylko z telefonów w naszej sieci',
      'Numer konferencji',
      '12345',
      '54321',
      '09:55',
      'Proszę przynieść zestawienia.',
      'krzyżykiem (#)',
    ];
    for (const part of parts) {
      assert.ok(email.text.includes(part), `text: ${part}`);
      assert.ok(readable(email.html).includes(part), `HTML: ${part}`);
    }
    for (const address of [sampleFacts().joinUrl, 'tel:+48223500908,,1,,12345%23,,54321%23']) {
      assert.ok(email.text.includes(address), address);
      assert.ok(email.html.includes(`href="${address}"`), address);
    }
    assert.is(email.replyTo, 'anna@example.org');
  });
}

for (const kind of TO_PARTICIPANTS) {
  test(`never gives participants the ADMIN PIN nor the others' addresses: ${kind}`, () => {
    for (const language of LANGUAGES) {
      const everything = JSON.stringify(
        reservationEmail(kind, sampleFacts(), sampleSettings(language)),
      ).replaceAll('\\r\\n ', '');

      for (const secret of ['7654321', 'ewa@example.org', '+48501234567', sampleFacts().panelUrl])
        assert.not(everything.includes(secret), secret);
    }
  });
}

for (const kind of WITH_EVERYTHING) {
  test(`gives the organiser everything in ${kind}`, () => {
    const moderatorUrl = 'https://konfa.example.org/j/moderator';
    const facts = sampleFacts({}, { moderatorUrl });
    const { text, html, replyTo } = reservationEmail(kind, facts, sampleSettings('en'));

    for (const part of [
      moderatorUrl,
      'Join as moderator in the browser',
      'Conference number',
      '12345',
      '54321',
      'ADMIN PIN',
      '7654321',
      'Tuesday, 1 December 2026, 10:00–11:00',
      'jan@example.org, ewa@example.org',
      '+48501234567',
      sampleFacts().joinUrl,
    ]) {
      assert.ok(text.includes(part), `text: ${part}`);
      assert.ok(readable(html).includes(part), `HTML: ${part}`);
    }
    assert.ok(html.includes('href="tel:+48223500908,,1,,12345%23,,7654321%23"'));
    assert.ok(html.includes(`href="${sampleFacts().panelUrl}"`));
    assert.is(replyTo, null);
  });
}

test('lists a dozen of many guests and counts the rest', () => {
  const emails = Array.from({ length: 200 }, (_, index) => `guest${index}@example.org`);

  const { text } = reservationEmail(
    'organiser-booked',
    sampleFacts({ emails }),
    sampleSettings('pl'),
  );

  assert.match(text, 'guest11@example.org i jeszcze 188');
  assert.not.match(text, 'guest12@');
});

test('warns the organiser of guessing, with advice and the way to new PINs', () => {
  const { subject, text, html } = reservationEmail(
    'organiser-guessing',
    sampleFacts(),
    sampleSettings('pl'),
  );

  assert.match(subject, 'Błędne PIN-y');
  assert.match(text, 'nowe PIN-y');
  assert.ok(html.includes(`href="${sampleFacts().panelUrl}"`));
  assert.not.match(text, '54321');
});

test('says whether the conference is off or only the invitation', () => {
  const off = sampleFacts({ deletedAtMs: START_AT_MS - HOUR_MS });

  const cancelled = reservationEmail('cancellation', off, sampleSettings('en'));
  const withdrawn = reservationEmail('cancellation', sampleFacts(), sampleSettings('en'));

  assert.match(cancelled.subject, /^Cancelled: /u);
  assert.match(withdrawn.subject, /^Invitation withdrawn: /u);
  for (const { text } of [cancelled, withdrawn]) assert.not.match(text, '54321');
});

test('tells the organiser that guests are told only when there are guests to tell', () => {
  const deletedAtMs = START_AT_MS - HOUR_MS;
  const told = 'Those who were invited by e-mail are told';
  const textOf = (changes: object): string =>
    reservationEmail('organiser-deleted', sampleFacts(changes), sampleSettings('en')).text;

  assert.match(textOf({ deletedAtMs }), told);
  assert.not.match(textOf({ deletedAtMs, emails: [] }), told);
  assert.not.match(textOf({ deletedAtMs: START_AT_MS + 2 * HOUR_MS }), told);
});

test('says "today" only on the day, in the zone of the reservation', () => {
  const textAt = (nowMs: number): string =>
    reservationEmail('reminder', sampleFacts(), { ...sampleSettings('pl'), nowMs }).text;

  assert.match(textAt(START_AT_MS - HOUR_MS), 'Zaczyna się dziś o 10:00.');
  assert.not.match(textAt(START_AT_MS - 11 * HOUR_MS), 'dziś');
});

test('says from when one may enter until one may', () => {
  const textAt = (nowMs: number): string =>
    reservationEmail('invitation', sampleFacts(), { ...sampleSettings('en'), nowMs }).text;

  assert.match(textAt(START_AT_MS - 300_001), 'Entry from: 09:55');
  assert.not.match(textAt(START_AT_MS - 300_000), 'Entry from');
});

test('gives the day of the entry when it is the day before', () => {
  const startAtMs = Date.UTC(2026, 10, 30, 23, 2);
  const facts = sampleFacts({ startAtMs, endAtMs: startAtMs + HOUR_MS });

  const { text } = reservationEmail('invitation', facts, {
    ...sampleSettings('pl'),
    nowMs: startAtMs - 24 * HOUR_MS,
  });

  assert.match(text, 'Wejście od: poniedziałek, 30 listopada 2026, 23:57');
});

for (const [kind, language] of EVERY_ONE) {
  test(`lets no text become markup: ${kind} in ${language}`, () => {
    const evil = `"><img src=x onerror=alert(1)><script>alert('x')</script>&`;
    const said = `${evil}\u202e`;
    const facts = sampleFacts(
      { title: said, note: `${said}\n${said}`, emails: [evil], phones: [evil], zone: evil },
      {
        organiser: { name: said, email: 'anna@example.org', language: 'pl' },
        accessNumbers: [{ shown: evil, dial: evil, reach: 'anybody' }],
        joinUrl: `https://x.example/${evil}`,
        panelUrl: `javascript:${evil}`,
      },
    );

    const { html, subject } = reservationEmail(kind, facts, {
      ...sampleSettings(language),
      fromName: evil,
      recipient: evil,
    });

    assert.not.match(html, /<(?:script|img)/iu);
    assert.not.match(html, /href="(?!https?:|tel:|#)/u);
    for (const tag of html.replace(/<!--.*?-->/gsu, '').match(/<[^>]*>/gu) ?? [])
      assert.match(tag, /^<(?:!DOCTYPE html|\/?[a-z][a-z0-9]*(?: [a-z-]+="[^"<>]*")*)>$/u);
    assert.not.match(`${subject}${html}`, '\u202e');
  });
}

for (const [kind, language] of EVERY_ONE) {
  test(`lets nobody write a header: ${kind} in ${language}`, () => {
    const evil = 'a\r\nBcc: x@evil.example\u2028\u0085b\0';
    const facts = sampleFacts(
      { title: evil },
      { organiser: { name: evil, email: 'anna@example.org', language: 'pl' } },
    );

    const { subject } = reservationEmail(kind, facts, sampleSettings(language));

    assert.match(subject, 'a Bcc: x@evil.example b');
    assert.not.match(subject, /[\p{Cc}\p{Zl}\p{Zp}]/u);
  });
}

for (const [kind, language] of EVERY_ONE) {
  test(`needs nothing from elsewhere: ${kind} in ${language}`, () => {
    const { html, text } = reservationEmail(kind, sampleFacts(), sampleSettings(language));

    assert.not.match(html, /<img|<link|<script|@import|url\(|src=/iu);
    assert.match(html, `<html lang="${language}">`);
    assert.match(html, 'max-width:600px');
    assert.match(html, 'name="color-scheme" content="light dark"');
    assert.not.match(`${text}${html}`, /undefined|null|NaN|\[object|Invalid/u);
  });
}

test('keeps the line breaks of a note', () => {
  const { html, text } = reservationEmail('invitation', sampleFacts(), sampleSettings('pl'));

  assert.match(html, 'Proszę przynieść zestawienia.<br>\nDo zobaczenia!');
  assert.match(text, '  Proszę przynieść zestawienia.\n  Do zobaczenia!');
});

test('does without title, organiser, note and access numbers', () => {
  const facts = sampleFacts({ title: ' ', note: '' }, { organiser: null, accessNumbers: [] });

  const { subject, text, replyTo } = reservationEmail('invitation', facts, sampleSettings('pl'));

  assert.is(subject, 'Zaproszenie: Telekonferencja – 1 grudnia 2026, 10:00');
  assert.match(text, 'zapraszamy na telekonferencję.');
  assert.not.match(text, 'tel:');
  assert.not.match(text, 'Zadzwoń');
  assert.match(text, facts.joinUrl);
  assert.is(replyTo, null);
});

test.run();
