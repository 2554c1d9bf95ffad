import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { invitationText } from '../../../../server/notice/email/invitation-text.ts';
import { sampleFacts } from './sample-facts.ts';

test('has everything that participants need, in Polish', () => {
  const { subject, text } = invitationText(sampleFacts(), 'pl');

  assert.is(subject, 'Narada zarządu – 1 grudnia 2026, 10:00');
  assert.is(
    text,
    `Anna Nowak zaprasza na telekonferencję „Narada zarządu”.

Termin: wtorek, 1 grudnia 2026, 10:00–11:00 (czas warszawski, UTC+1)

Od organizatora:
  Proszę przynieść zestawienia.
  Do zobaczenia!

Przez telefon:
Numer dostępowy: 22 350 09 08
Numer dostępowy: 908 (tylko z telefonów w naszej sieci)
Numer konferencji: 12345
PIN: 54321

Jednym dotknięciem:
tel:+48223500908,,1,,12345%23,,54321%23

Przez przeglądarkę:
${sampleFacts().joinUrl}
`,
  );
});

test('has it in English too, without an organiser and a title', () => {
  const { subject, text } = invitationText(
    sampleFacts({ title: '', note: '' }, { organiser: null }),
    'en',
  );

  assert.is(subject, 'Conference call – 1 December 2026, 10:00');
  assert.match(text, /^You are invited to the conference call\.\n\nWhen: Tuesday/u);
  assert.not.match(text, '7654321');
});

test.run();
