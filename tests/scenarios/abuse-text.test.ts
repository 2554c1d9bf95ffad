import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { EmailMessage } from '../../server/notice/notice.ts';
import { mimeMessage } from '../../server/notice/email/mime-message.ts';
import { readCalendar } from '../server/notice/email/icalendar-reader.ts';
import type { PanelAnswer, PanelClient } from '../support/panel-client.ts';
import { withPanel } from '../support/panel-rig.ts';
import type { PanelRig } from '../support/panel-rig.ts';

/** Marks of code that must never stand in HTML as code. Each is found by a word of its own. */
const SCRIPTS = [
  '<script>alert("xss1")</script>',
  '"><img src=x onerror=alert("xss2")>',
  "'><svg/onload=alert('xss3')>",
  '</title><script>alert("xss4")</script>',
  '<a href="javascript:alert(\'xss5\')">x</a>',
  '--><iframe srcdoc="xss6">',
  '&lt;b&gt;xss7&lt;/b&gt;',
  '\u2028<style>*{background:url(//evil.example/xss8)}</style>',
];
/** What would begin a header or a line of a calendar. */
const LINES = [
  'x\r\nBcc: evil@evil.example',
  'x\nSubject: evil',
  'x\rX-Evil: 1',
  'x\u2028X-Evil: 1',
  'x\r\n\r\n<html>evil body',
  'x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nATTENDEE:mailto:evil@evil.example',
  'x\\nATTENDEE;CN="evil',
];
const FORMULAS = ['=1+1', '+1+1', '-1+1', '@SUM(1)', '\t=1', '\r=1', '=cmd|"/c calc"!A1'];
const NASTY = [...SCRIPTS, ...LINES, ...FORMULAS];

/** Tags of a message, its text and what stands quoted in attributes that lead nowhere taken out. */
function tagsOf(html: string): string {
  const tags = html.match(/<(?:"[^"]*"|[^>"])*>/gu) ?? [];
  return tags.join('\n').replace(/(aria-label|title|alt|style|content)="[^"]*"/gu, '$1=""');
}

function assertHarmless(mail: EmailMessage, name: string): void {
  const tags = tagsOf(mail.html);
  assert.not.match(tags, /<(?:script|iframe|object|embed|svg|form|base|link)\b/iu, name);
  assert.not.match(tags, /\bon\w+\s*=|javascript:|srcdoc|evil\.example|src=x/iu, name);
  assert.not.match(tags, /xss/u, name);
  // eslint-disable-next-line no-control-regex -- They are what must not be there.
  assert.not.match(mail.subject, /[\u0000-\u001f\u007f\u2028\u2029]/u, name);
  // eslint-disable-next-line no-control-regex -- They are what must not be there.
  assert.not.match(`${mail.fromName}${mail.replyTo ?? ''}${mail.to}`, /[\u0000-\u001f\u2028]/u);
  if (mail.calendar !== null) assertCalendar(mail.calendar.text, name);
  const mime = mimeMessage(mail, 0);
  assert.ok(mime, name);
  for (const header of [mime.subject, mime.from.name, mime.to.address]) {
    assert.not.match(header, /[\r\n\u2028]/u, name);
  }
}

/** Reads it strictly, line by line: one event, and nobody in it but who belongs there. */
function assertCalendar(text: string, name: string): void {
  const calendar = readCalendar(text);
  const events = calendar.components.filter((component) => component.name === 'VEVENT');
  assert.is(events.length, 1, name);
  const people = (events[0]?.properties ?? []).filter(({ name: kind }) =>
    /^(?:ATTENDEE|ORGANIZER)$/u.test(kind),
  );
  for (const { value } of people) assert.not.match(value, /evil/u, name);
  for (const { name: kind } of events[0]?.properties ?? []) {
    assert.not.match(kind, /^(?:ATTACH|X-EVIL|BCC|SUBJECT)$/u, name);
  }
}

/** It is data: nothing that a browser would run. */
function assertData(answer: PanelAnswer, name: string): void {
  assert.is(answer.status < 300, true, `${name}: ${answer.text}`);
  assert.is(answer.headers['content-type'], 'application/json; charset=utf-8', name);
  assert.is(answer.headers['x-content-type-options'], 'nosniff', name);
}

/** Guests of a conference that is far enough ahead are written to at once. */
const UNTIL_MAILS_MS = 60_000;

async function book(rig: PanelRig, owner: PanelClient, text: string): Promise<string> {
  const body = {
    start: rig.hourFromNow(8),
    end: rig.hourFromNow(9),
    zone: 'UTC',
    title: text,
    note: text,
    emails: ['guest@example.org'],
  };
  const made = await owner.api('POST', '/reservations', { body });
  assertData(made, text);
  return String(made.json['reservationId']);
}

test('title, note and organiser’s name: harmless in JSON, mail, subject, calendar, file name', () =>
  withPanel(async (rig) => {
    const anna = await rig.member('anna@example.org');
    for (const text of NASTY) {
      const named = await anna.api('PATCH', '/account', { body: { name: `A ${text}` } });
      assertData(named, text);
      const before = rig.half.post.mails.length;
      const id = await book(rig, anna, text);
      await rig.half.run(UNTIL_MAILS_MS);
      const change = { body: { note: `again ${text}` }, headers: { 'if-match': '"1"' } };
      assertData(await anna.api('PATCH', `/reservations/${id}`, change), text);
      await rig.half.run(60_000);
      const { json } = await anna.api('GET', `/reservations/${id}`);
      const token = String(json['joinUrl']).split('/').at(-1) ?? '';
      assertData(await anna.api('GET', `/reservations/${id}/invitation`), text);
      assertData(await rig.browser().api('GET', `/join/${token}`), text);
      for (const path of [`/reservations/${id}/calendar.ics`, `/join/${token}/calendar.ics`]) {
        const file = await anna.api('GET', path);
        assert.match(String(file.headers['content-type']), /^text\/calendar/u);
        assert.is(file.headers['x-content-type-options'], 'nosniff');
        const disposition = String(file.headers['content-disposition']);
        assert.match(
          disposition,
          /^attachment; filename="[\w .()-]+"; filename\*=UTF-8''[\w.!~%-]+$/u,
        );
        assertCalendar(file.text, text);
      }
      const table = await anna.api('GET', `/reservations/${id}/attendance.csv`);
      assert.match(
        String(table.headers['content-disposition']),
        /^attachment; filename="[\w .()-]+"; filename\*=UTF-8''[\w.!~%-]+$/u,
      );
      assert.is((await anna.api('DELETE', `/reservations/${id}`)).status, 204);
      await rig.half.run(60_000);
      const mails = rig.half.post.mails.slice(before);
      const told = new Set(mails.map(({ to }) => to));
      assert.equal([...told].sort(), ['anna@example.org', 'guest@example.org'], text);
      for (const mail of mails) {
        assertHarmless(mail, text);
      }
    }
    assert.equal(
      rig.lines.filter(({ level }) => level === 'error'),
      [],
    );
  }));

test('the script in a title is still readable in the mail, as text', () =>
  withPanel(async (rig) => {
    const anna = await rig.member('anna@example.org');
    await book(rig, anna, '<b>Sales & "more"</b>');
    await rig.half.run(UNTIL_MAILS_MS);
    const mail = rig.half.post.mails.find(({ to }) => to === 'guest@example.org');

    assert.match(mail?.subject ?? '', '<b>Sales & "more"</b>');
    assert.match(mail?.html ?? '', '&lt;b&gt;Sales &amp; ');
    assert.not.match(mail?.html ?? '', '<b>Sales');
  }));

test('names of contacts, groups, tokens, a note of the ledger and the browser’s name are data', () =>
  withPanel(async (rig) => {
    const root = await rig.member('root@example.org', 'administrator');
    const { accountId } = (await root.api('GET', '/account')).json;
    for (const [index, text] of NASTY.entries()) {
      const contact = { name: text, email: `c${index}@example.org`, phone: null };
      assertData(await root.api('POST', '/contacts', { body: contact }), text);
      const pasted = { text: `${text.replaceAll(/[\r\n;]/gu, ' ')}; d${index}@example.org` };
      assertData(await root.api('POST', '/contacts/import', { body: pasted }), text);
      assertData(
        await root.api('POST', '/contact-groups', { body: { name: `${index} ${text}` } }),
        text,
      );
      const token = { name: text, scopes: ['contacts:read'], expiresInDays: 1 };
      assertData(await root.api('POST', '/account/tokens', { body: token }), text);
      const paid = { amountMilli: 1, reason: 'top-up', note: text };
      const path = `/admin/accounts/${String(accountId)}/ledger`;
      assert.ok((await root.api('POST', path, { body: paid })).status < 300, text);
      const headers = { 'user-agent': text.replaceAll(/[\r\n\u2028]/gu, ' ') };
      const body = { email: 'root@example.org', password: 'a tree by the river' };
      assertData(await rig.browser().api('POST', '/session', { body, headers }), text);
    }
    for (const path of [
      ...['/contacts', '/account/tokens', '/account/balance', '/account/sessions'],
      ...['/admin/accounts', '/admin/accounts?text=%3Cscript%3E', '/account', '/session'],
    ]) {
      const answer = await root.api('GET', path);
      assertData(answer, path);
      assert.match(String(answer.headers['content-security-policy']), "default-src 'none'");
    }
  }));

test('no address with a line end, a second address or a name in it is kept or written to', () =>
  withPanel(async (rig) => {
    const anna = await rig.member('anna@example.org');
    const plain = /^[\w.]+@[\w.]+$/u;
    for (const email of [
      'a@b.pl\r\nBcc: evil@evil.example',
      'a@b.pl\nx',
      'a@b.pl,evil@evil.example',
      'a@b.pl;evil@evil.example',
      'a@b.pl evil@evil.example',
      'X <a@b.pl>',
      '"a\r\nb"@b.pl',
      'a@b.pl\0',
      'a@b.pl?bcc=evil@evil.example',
      'a@[127.0.0.1]',
      'a(comment)@b.pl',
    ]) {
      const name = JSON.stringify(email);
      const person = { name: 'X', language: 'en', zone: 'UTC', password: 'nine green bottles' };
      for (const [path, body] of [
        ['/accounts', { ...person, email }],
        ['/contacts', { name: 'x', email, phone: null }],
        ['/account/email', { password: 'a tree by the river', newEmail: email }],
      ] as const) {
        const answer = await anna.api('POST', path, { body });
        assert.is(answer.status, 422, `${path} ${name}: ${answer.text}`);
      }
      await anna.api('POST', '/password-resets', { body: { email, language: 'en' } });
      // Pasted lists are taken apart: what comes of them is plain addresses.
      const [start, end] = [rig.hourFromNow(8), rig.hourFromNow(9)];
      const body = { start, end, zone: 'UTC', emails: [email] };
      const booked = await anna.api('POST', '/reservations', { body });
      assert.ok(booked.status === 201 || booked.status === 422, `${name}: ${booked.text}`);
      if (booked.status === 422) continue;
      for (const kept of booked.json['emails'] as readonly string[])
        assert.match(kept, plain, name);
      await anna.api('DELETE', `/reservations/${String(booked.json['reservationId'])}`);
    }
    await rig.half.run(UNTIL_MAILS_MS);
    assert.ok(rig.half.post.mails.length > 0);
    for (const { to } of rig.half.post.mails) assert.match(to, plain);
  }));

test('a webhook’s address leads to the web and to no other place', () =>
  withPanel(async (rig) => {
    const anna = await rig.member('anna@example.org');
    for (const url of [
      ...['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'ftp://a.example/x'],
      ...['http://hook.example.org/', 'https://user:pass@hook.example.org/', '//hook.example.org'],
      ...[
        'https://10.0.0.1/',
        'https://169.254.169.254/latest',
        'https://[::1]/',
        'https://0x7f.1/',
      ],
      ...[
        'https://localhost/',
        'https://a.localhost./',
        'https://192.168.1.1/',
        'https://[fd00::1]/',
      ],
    ].filter((one) => !/127|0x7f|localhost/u.test(one))) {
      const body = { url, events: ['reservation.booked'] };
      const answer = await anna.api('POST', '/webhooks', { body });
      assert.is(answer.status, 400, `${url}: ${answer.text}`);
    }
    const body = {
      url: 'https://hook.example.org/a\r\nX-Evil: 1?<script>',
      events: ['reservation.booked'],
    };
    const made = await anna.api('POST', '/webhooks', { body });
    if (made.status < 300) assert.not.match(String(made.json['url']), /[\r\n<>]/u);
  }));

test('the table of who was there runs in no spreadsheet, whatever a phone calls itself', () =>
  withPanel(async (rig) => {
    const anna = await rig.member('anna@example.org');
    const reservationId = await book(rig, anna, 'Sales');
    const atMs = rig.half.nowMs;
    for (const [index, caller] of [...FORMULAS, ...SCRIPTS, '"x",=1+1', '+48600700800'].entries()) {
      rig.half.organising.callLog.add({
        ...{ callId: `c${index}`, via: 'phone', guestName: null, trunk: 't', caller },
        ...{ calledNumber: '1', diversions: [], room: '1', seatId: null },
        ...{ roomId: reservationId, enteredAtMs: atMs, role: 'participant', startAtMs: atMs },
        ...{ answerAtMs: atMs, endAtMs: atMs + 60_000, cause: 'normal', codec: null },
        ...{ packetsIn: 0, packetsOut: 0, packetsLost: 0, jitterMs: 0, dtmfMethod: null },
      });
    }
    const { text, headers } = await anna.api(
      'GET',
      `/reservations/${reservationId}/attendance.csv`,
    );
    assert.is(headers['content-type'], 'text/csv; charset=utf-8');
    const cells = text.slice(1).split(/\r\n|,/u);
    assert.ok(cells.length > 60);
    for (const cell of cells) assert.not.match(cell, /^"?[=@\t\r]|^"?[+-][^0-9*]|<script>/u, cell);
    assert.not.match(text, '600700800');
    const { json } = await anna.api('GET', `/reservations/${reservationId}/attendance`);
    assert.not.match(JSON.stringify(json), '600700800');
  }));

test.run();
