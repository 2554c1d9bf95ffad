// limit: 120 s
import { simpleParser } from 'mailparser';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { domainToASCII } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { verifySmtp } from '../../server/notice/email/smtp-transport.ts';
import type { EmailMessage } from '../../server/notice/notice.ts';
import { only, property, readCalendar } from '../server/notice/email/icalendar-reader.ts';
import { sampleMessage } from '../server/notice/email/sample-message.ts';
import { checkDkim } from './dkim-check.ts';
import { endAll, endings, oddServer, serverWith, settingsFor, transportFor } from './mail-bench.ts';

test.after.each(endAll);

async function sentAndParsed(
  changes: Partial<EmailMessage>,
): Promise<{ raw: string; mail: Awaited<ReturnType<typeof simpleParser>> }> {
  const server = await serverWith({ disabledCommands: ['STARTTLS'] });
  const outcome = await transportFor(settingsFor(server.port)).send(sampleMessage(changes));
  assert.is(outcome.outcome, 'sent');
  const bytes = server.mails[0]?.bytes ?? Buffer.alloc(0);
  return { raw: bytes.toString('latin1'), mail: await simpleParser(bytes) };
}

test('delivers text, HTML and the calendar entry twice, as mail programs look for it', async () => {
  const message = sampleMessage();

  const { raw, mail } = await sentAndParsed({});

  assert.is(mail.subject, message.subject);
  assert.is(mail.messageId, message.messageId);
  assert.is(mail.from?.text, '"Konfa Łódź" <konfa@example.org>');
  assert.is(mail.replyTo?.text, 'anna@example.org');
  assert.is(mail.text?.trim(), message.text.trim());
  assert.is((mail.html || '').trim(), message.html.trim());
  assert.match(raw, /^Content-Type: multipart\/mixed;/mu);
  assert.match(raw, /^Content-Type: multipart\/alternative;/mu);
  assert.match(raw, /^Content-Type: text\/calendar; charset=utf-8; method=REQUEST\r$/mu);
  assert.match(raw, /^Content-Disposition: attachment; filename=invite.ics\r$/mu);
  const order = ['text/plain', 'text/html', 'text/calendar', 'application/ics'].map((type) =>
    raw.indexOf(`Content-Type: ${type}`),
  );
  assert.equal(
    order,
    order.toSorted((one, other) => one - other),
  );
  assert.is(mail.attachments.length, 2);
  for (const { content } of mail.attachments) {
    const event = only(readCalendar(content.toString('utf8')), 'VEVENT');
    assert.is(property(event, 'SUMMARY')?.value, 'Narada zarządu');
  }
});

test('says that nobody need answer, to answering machines (RFC 3834)', async () => {
  const { mail } = await sentAndParsed({});

  assert.is(mail.headers.get('auto-submitted'), 'auto-generated');
});

test('keeps to short lines of plain characters whatever the message holds', async () => {
  const { raw } = await sentAndParsed({
    text: 'ż'.repeat(5000),
    html: `<p>${'ż'.repeat(5000)}</p>`,
  });

  assert.not.match(raw, /[^\0-\x7f]/u);
  assert.ok(raw.split('\r\n').every((line) => line.length <= 998));
});

test('lets no text write a header', async () => {
  const evil = 'a\r\nBcc: x@evil.example\r\n\r\n<b>body</b>\u2028b';

  const { mail } = await sentAndParsed({
    subject: evil,
    fromName: evil,
    messageId: '<id@konfa.example>\r\nX-Evil: 1',
  });

  assert.is(mail.headers.has('bcc'), false);
  assert.is(mail.headers.has('x-evil'), false);
  assert.is(mail.subject, 'a Bcc: x@evil.example <b>body</b> b');
  assert.match(mail.text ?? '', 'Narada zarządu');
});

test('refuses an address that pretends to be two', async () => {
  const server = await serverWith({ disabledCommands: ['STARTTLS'] });
  const transport = transportFor(settingsFor(server.port));

  for (const to of [
    'jan@example.org, x@evil.example',
    'jan@example.org>\r\nRCPT TO:<x@evil.example',
    'Jan <x@evil.example>',
    'x@evil.example@example.org',
    '',
  ])
    assert.equal(await transport.send(sampleMessage({ to })), {
      outcome: 'failed',
      reason: 'bad-address',
    });
  assert.is(server.mails.length, 0);
});

test('writes an internationalised domain in ASCII, in the envelope too', async () => {
  const heard: string[] = [];
  const port = await oddServer((socket) => {
    socket.write('220 odd\r\n');
    socket.on('data', (data) => {
      heard.push(data.toString());
      const answer = /^DATA/mu.test(data.toString()) ? '354 go' : '250 fine';
      socket.write(`${answer}\r\n`);
    });
  });

  await transportFor(settingsFor(port)).send(sampleMessage({ to: 'jan@zażółć.example' }));

  assert.match(heard.join(''), `RCPT TO:<jan@${domainToASCII('zażółć.example')}>`);
  assert.match(heard.join(''), /^To: jan@xn--[a-z0-9-]+\.example\r$/mu);
});

test('signs by DKIM so that another program finds the signature right (RFC 6376)', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const folder = await mkdtemp(join(tmpdir(), 'konfa-dkim-'));
  endings.push(() => rm(folder, { recursive: true }));
  const keyFile = join(folder, 'key.pem');
  await writeFile(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const server = await serverWith({ disabledCommands: ['STARTTLS'] });
  const dkim = { domain: 'example.org', selector: 'konfa', keyFile };

  await transportFor(settingsFor(server.port, {}, { dkim })).send(sampleMessage());

  const bytes = server.mails[0]?.bytes ?? Buffer.alloc(0);
  const { signedHeaders, ...result } = checkDkim(bytes, publicKey);
  assert.equal(result, {
    domain: 'example.org',
    selector: 'konfa',
    bodyHash: 'right',
    signature: 'right',
  });
  for (const name of ['from', 'to', 'subject', 'date', 'message-id', 'reply-to'])
    assert.ok(signedHeaders.includes(name), name);
  const changed = Buffer.from(bytes.toString('latin1').replace(/\r\n\r\n/u, '\r\n\r\nx'), 'latin1');
  assert.is(checkDkim(changed, publicKey).bodyHash, 'wrong');
});

test('sends nothing unsigned when the key cannot be read', async () => {
  const server = await serverWith({ disabledCommands: ['STARTTLS'] });
  const dkim = { domain: 'example.org', selector: 'konfa', keyFile: '/nonexistent/key.pem' };
  const settings = settingsFor(server.port, {}, { dkim });
  const transport = transportFor(settings);

  const outcome = await transport.send(sampleMessage());

  assert.equal(outcome, { outcome: 'retry', reason: 'dkim-key' });
  assert.is(transport.health().state, 'failing');
  assert.is(await verifySmtp(settings), 'dkim-key');
  assert.is(server.mails.length, 0);
});

test.run();
