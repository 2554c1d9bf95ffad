import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { draftOf } from '../../../web/reservation/draft.ts';
import {
  keptDraftName,
  readKeptDraft,
  writeKeptDraft,
} from '../../../web/reservation/kept-draft.ts';
import { reservationOf } from './reservation-of.ts';

test('a form comes back as it was kept, with its key', () => {
  const draft = {
    ...draftOf(reservationOf({ sms: ['before-start'], announcements: 'name', language: 'en' })),
    startTwin: 'later' as const,
    emails: [{ address: 'not an address', name: 'Łucja' }],
  };
  const base = draftOf(reservationOf());

  const read = readKeptDraft(writeKeptDraft({ draft, base, idempotencyKey: 'key-1' }));

  assert.equal(read, { draft, base, idempotencyKey: 'key-1' });
});

test('what is no form is none', () => {
  const whole = writeKeptDraft({
    draft: draftOf(reservationOf()),
    base: draftOf(reservationOf()),
    idempotencyKey: 'k',
  });
  const damaged = [null, '', '{', '[]', 'null', '{"draft":{}}', whole.replace('"k"', '7')];

  for (const text of [...damaged, whole.replace('"emails":[{', '"emails":[7,{')])
    assert.is(readKeptDraft(text), null, String(text));
});

test('accounts and reservations each have a form of their own', () => {
  const names = [keptDraftName('a', null), keptDraftName('b', null), keptDraftName('a', 'r1')];

  assert.is(new Set(names).size, 3);
});

test.run();
