import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  fileNameFor,
  messageKey,
  messageKeyOf,
} from '../../../../server/notice/email/mail-file-name.ts';
import { START_AT_MS } from './sample-facts.ts';
import { sampleMessage } from './sample-message.ts';

test('names a file by time, subject and Message-ID, in plain letters', () => {
  const name = fileNameFor(sampleMessage({ subject: 'Zaproszenie: Łąka „Żółć” – 1' }), START_AT_MS);

  assert.is(name, `20261201T090000Z-zaproszenie-laka-zolc-1-${'0a'.repeat(16)}.eml`);
});

test('stays in its folder whatever the subject and the Message-ID are', () => {
  const subject = '../../etc/passwd\0\r\n';

  const name = fileNameFor(sampleMessage({ subject, messageId: '<../x@y>' }), START_AT_MS);

  assert.is(name, '20261201T090000Z-etc-passwd-x.eml');
});

test('is short, and has a word also when no letter is left', () => {
  assert.match(fileNameFor(sampleMessage({ subject: '会議' }), START_AT_MS), 'Z-mail-0a0a');
  assert.ok(fileNameFor(sampleMessage({ subject: 'a'.repeat(900) }), START_AT_MS).length < 120);
});

test('finds the Message-ID again in the name', () => {
  const message = sampleMessage();

  assert.is(messageKeyOf(fileNameFor(message, START_AT_MS)), messageKey(message.messageId));
  assert.is(messageKeyOf('notes.eml'), null);
  assert.is(messageKeyOf('.20261201T090000Z-a-b.eml.part'), null);
});

test.run();
