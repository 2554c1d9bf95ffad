import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { mimeMessage } from '../../../../server/notice/email/mime-message.ts';
import { START_AT_MS } from './sample-facts.ts';
import { sampleMessage } from './sample-message.ts';

test('gives the calendar entry with its method and the name that mail programs look for', () => {
  const message = sampleMessage();

  const mail = mimeMessage(message, START_AT_MS);

  assert.equal(mail?.icalEvent, {
    method: 'REQUEST',
    filename: 'invite.ics',
    content: message.calendar?.text,
  });
});

test('goes without calendar entry and Reply-To when there is none', () => {
  const mail = mimeMessage(sampleMessage({ calendar: null, replyTo: null }), START_AT_MS);

  assert.not.ok('icalEvent' in (mail ?? {}));
  assert.not.ok('replyTo' in (mail ?? {}));
});

test('has one line in every header', () => {
  const evil = 'a\r\nBcc: x@evil.example\u2028';

  const mail = mimeMessage(
    sampleMessage({ subject: evil, fromName: evil, messageId: evil, replyTo: evil }),
    START_AT_MS,
  );

  const headers = [mail?.subject, mail?.from.name, mail?.messageId, mail?.replyTo?.address];
  for (const header of headers) assert.is(header, 'a Bcc: x@evil.example');
});

test('takes addresses as people have them', () => {
  for (const to of [
    'jan@example.org',
    'jan.kowalski+konfa@example.org',
    "o'neil@x.pl",
    'żółw@ąę.pl',
  ])
    assert.is(mimeMessage(sampleMessage({ to }), START_AT_MS)?.envelope.to, to);
});

test('takes nothing for an address that the library could take for two', () => {
  for (const to of [
    'a@b,c@d',
    'a@b c@d',
    'a@b;c@d',
    'A <a@b>',
    '"a b"@c',
    'a(b)@c',
    'g:a@b;',
    'a@b@c',
    'a',
    '@b',
    '',
  ])
    assert.is(mimeMessage(sampleMessage({ to }), START_AT_MS), null, to);
});

test.run();
