import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { accountEmail } from '../../../../server/notice/email/account-email.ts';
import type { AccountNoticeKind } from '../../../../server/notice/notice.ts';
import { HOUR_MS, START_AT_MS } from './sample-facts.ts';

const LINK = 'https://konfa.example.org/confirm#token=0123456789abcdef';

const FACTS = {
  name: 'Anna Nowak',
  link: LINK,
  publicUrl: 'https://konfa.example.org',
  fromName: 'Konfa',
  nowMs: START_AT_MS,
  uselessAtMs: START_AT_MS + 24 * HOUR_MS,
} as const;

const WITH_LINK: readonly AccountNoticeKind[] = [
  'confirm-address',
  'account-exists',
  'reset-password',
  'confirm-new-address',
  'invited-to-konfa',
];
const WITHOUT_LINK: readonly AccountNoticeKind[] = ['password-changed', 'address-changed'];
const TO_STRANGERS = ['confirm-address', 'account-exists', 'confirm-new-address'] as const;

for (const kind of WITH_LINK) {
  test(`leads on by its link: ${kind}`, () => {
    for (const language of ['pl', 'en'] as const) {
      const { text, html } = accountEmail(kind, { ...FACTS, language });

      assert.ok(text.includes(`\n${LINK}\n`));
      assert.ok(html.includes(`href="${LINK}"`));
    }
  });
}

for (const kind of WITHOUT_LINK) {
  test(`has nothing to click on that could be imitated: ${kind}`, () => {
    const { html } = accountEmail(kind, { ...FACTS, language: 'pl', link: null });

    assert.not.match(html, '<a ');
  });
}

test('says how long the link holds', () => {
  const polish = accountEmail('confirm-address', { ...FACTS, language: 'pl' });
  const english = accountEmail('reset-password', {
    ...FACTS,
    language: 'en',
    uselessAtMs: START_AT_MS + HOUR_MS,
  });

  assert.match(polish.text, 'Link jest ważny jeszcze 24 godziny.');
  assert.match(english.text, 'The link works for another 60 minutes, and only once.');
});

for (const kind of [...WITH_LINK, ...WITHOUT_LINK]) {
  test(`escapes the name and writes no header with it: ${kind}`, () => {
    for (const language of ['pl', 'en'] as const) {
      const name = 'A<script>\r\nBcc: x';

      const { html, subject, replyTo, calendar } = accountEmail(kind, { ...FACTS, language, name });

      assert.not.match(html, '<script');
      assert.not.match(subject, /[\r\n]/u);
      assert.not.match(html, /\{time\}|undefined|null/u);
      assert.is(replyTo, null);
      assert.is(calendar, null);
    }
  });
}

for (const kind of TO_STRANGERS) {
  test(`carries nobody's advertisement to strangers: ${kind}`, () => {
    const name = 'Wygraj iPhone na tanie.example';

    const { text, html } = accountEmail(kind, { ...FACTS, language: 'pl', name });

    assert.not.match(text + html, 'tanie.example');
    assert.match(text, 'Dzień dobry,\n');
  });
}

test('greets by name', () => {
  const { text } = accountEmail('reset-password', { ...FACTS, language: 'en' });

  assert.match(text, 'Hello, Anna Nowak,');
});

test('leads to the panel when there is no link for its button', () => {
  const { html } = accountEmail('account-exists', { ...FACTS, language: 'pl', link: null });

  assert.ok(html.includes('href="https://konfa.example.org"'));
});

test.run();
