import { simpleParser } from 'mailparser';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createFolderTransport } from '../../../../server/notice/email/folder-transport.ts';
import type { EmailTransport } from '../../../../server/notice/notice.ts';
import { SimClock } from '../../../support/sim-clock.ts';
import { START_AT_MS } from './sample-facts.ts';
import { memoryLog, sampleMessage } from './sample-message.ts';

const test = suite<{ base: string; folder: string; clock: SimClock; transport: EmailTransport }>();

test.before.each(async (context) => {
  context.base = await mkdtemp(join(tmpdir(), 'konfa-mail-'));
  context.folder = join(context.base, 'deep', 'mail');
  context.clock = new SimClock(START_AT_MS);
  const { folder, clock } = context;
  context.transport = createFolderTransport({ folder, clock, log: memoryLog().log });
});

test.after.each(async ({ base }) => {
  await rm(base, { recursive: true, force: true });
});

test('writes a whole message that a mail program can open', async ({ folder, transport }) => {
  const outcome = await transport.send(sampleMessage());

  assert.equal(outcome, { outcome: 'sent', providerId: null });
  const [name = ''] = await readdir(folder);
  const bytes = await readFile(join(folder, name));
  const mail = await simpleParser(bytes);
  assert.match(name, /^20261201T090000Z-zaproszenie-.*\.eml$/u);
  assert.is(mail.subject, sampleMessage().subject);
  assert.is(mail.from?.text, '"Konfa Łódź" <konfa@example.org>');
  assert.is(mail.messageId, sampleMessage().messageId);
  assert.is(mail.date?.getTime(), START_AT_MS);
  assert.match(mail.text ?? '', '54321');
  assert.is(mail.attachments.length, 2);
  assert.not.match(bytes.toString('latin1'), /[^\r]\n/u);
  assert.not.match(bytes.toString('latin1'), /[^\0-\x7f]/u);
});

test('lets its owner alone read', async ({ folder, transport }) => {
  await transport.send(sampleMessage());

  const [name = ''] = await readdir(folder);
  assert.is((await stat(folder)).mode & 0o777, 0o700);
  assert.is((await stat(join(folder, name))).mode & 0o777, 0o600);
});

test('replaces the file of the same Message-ID, also after a restart', async (context) => {
  const { folder, clock, transport } = context;
  await transport.send(sampleMessage());
  clock.stepWallclock(90_000);
  const later = createFolderTransport({ folder, clock, log: memoryLog().log });

  await later.send(sampleMessage({ subject: 'Zmiana' }));
  await later.send(sampleMessage({ subject: 'Zmiana' }));

  const names = await readdir(folder);
  assert.is(names.length, 1);
  const mail = await simpleParser(await readFile(join(folder, names[0] ?? '')));
  assert.is(mail.subject, 'Zmiana');
});

test('keeps messages sent at the same moment apart', async ({ folder, transport }) => {
  const ids = Array.from({ length: 20 }, (_, index) => `<id${index}@konfa.example.org>`);

  const outcomes = await Promise.all(
    ids.map((messageId) => transport.send(sampleMessage({ messageId }))),
  );

  assert.ok(outcomes.every(({ outcome }) => outcome === 'sent'));
  assert.is((await readdir(folder)).length, 20);
});

test('asks for another try when it cannot write, and says so once', async ({ base, clock }) => {
  const folder = join(base, 'file');
  await writeFile(folder, 'not a folder');
  const { lines, log } = memoryLog();
  const transport = createFolderTransport({ folder, clock, log });

  const outcomes = [await transport.send(sampleMessage()), await transport.send(sampleMessage())];

  for (const outcome of outcomes)
    assert.equal(outcome, { outcome: 'retry', reason: 'not-written' });
  assert.is(transport.health().state, 'failing');
  assert.is(transport.health().detail, 'EEXIST');
  assert.is(lines.length, 1);
  await rm(folder);
  assert.is((await transport.send(sampleMessage())).outcome, 'sent');
  assert.is(transport.health().state, 'good');
});

test('leaves nothing unfinished behind', async ({ folder, transport }) => {
  await transport.send(sampleMessage());
  await transport.close();

  assert.ok((await readdir(folder)).every((name) => name.endsWith('.eml')));
});

test.run();
