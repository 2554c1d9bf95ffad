import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { inTemporaryFolder } from '../config/temporary-folder.ts';
import { BOOK, bookOne } from './book-one.ts';
import { konfa } from './fake-terminal.ts';

test('book prints the number and the PINs to the person who books', async () => {
  await inTemporaryFolder(async (folder) => {
    const { exitCode, said, complained } = await konfa(folder, [
      ...BOOK,
      '--title',
      'Monday round',
      '--email',
      'ann@example.org',
      '--email',
      'bob@example.org',
    ]);

    assert.equal([exitCode, complained], [0, []]);
    const text = said.join('\n');
    assert.match(text, /^Booked\.$/mu);
    assert.match(text, /^ {2}Conference number +\d{5}$/mu);
    assert.match(text, /^ {2}PIN +\d{5}$/mu);
    assert.match(text, /^ {2}ADMIN PIN +\d{7}$/mu);
    assert.match(text, /^ {2}Link +http\S+\/j\/[\w-]{22}$/mu);
    assert.match(text, /^ {2}Moderator link +http\S+\/j\/[\w-]{22}$/mu);
    assert.match(text, /^ {2}Start +2026-11-23 10:00 \(Europe\/Warsaw\)$/mu);
    assert.match(text, /^ {2}End +2026-11-23 12:00 \(Europe\/Warsaw\)$/mu);
    assert.match(text, /^ {2}Call +223500908 or 908 \(on-net\)$/mu);
    assert.match(text, /^ {2}Title +Monday round$/mu);
    assert.match(text, /^ {2}E-mail +ann@example.org, bob@example.org$/mu);
  });
});

test('book prints JSON whose times carry their offset', async () => {
  await inTemporaryFolder(async (folder) => {
    const { said } = await konfa(folder, [
      'book',
      '--start',
      '2026-11-23T10:00Z',
      '--end',
      '2026-11-23T13:30+02:00',
      '--zone',
      'Europe/London',
      '--title',
      'X',
      '--email',
      'ann@example.org',
      '--json',
    ]);

    const printed = JSON.parse(said.join('\n')) as Record<string, unknown>;
    const { reservationId, number, pin, adminPin, joinUrl, moderatorUrl, ...rest } = printed;
    assert.match(String(joinUrl), /\/j\/[\w-]{22}$/u);
    assert.match(String(moderatorUrl), /\/j\/[\w-]{22}$/u);
    assert.is.not(joinUrl, moderatorUrl);
    assert.match(String(reservationId), /^\w+$/u);
    assert.match([number, pin, adminPin].join(), /^\d{5},\d{5},\d{7}$/u);
    assert.equal(rest, {
      profile: 'local',
      title: 'X',
      start: '2026-11-23T10:00+00:00',
      end: '2026-11-23T11:30+00:00',
      zone: 'Europe/London',
      state: 'planned',
      note: '',
      language: 'pl',
      emails: ['ann@example.org'],
      phones: [],
      sms: [],
      version: 1,
    });
  });
});

const INVITED = [
  ...['--note', 'Bring tea', '--language', 'en'],
  ...['--phone', '501 234 567', '--phone', '0048602345678'],
  ...['--sms', 'at-booking,before-start'],
];

test('book takes numbers, when to send SMS, a note and a language', async () => {
  await inTemporaryFolder(async (folder) => {
    const forPeople = await konfa(folder, [...BOOK, ...INVITED]);
    const forPrograms = await konfa(folder, [...BOOK, ...INVITED, '--json']);
    const { said } = await konfa(folder, ['list']);

    const text = forPeople.said.join('\n');
    assert.match(text, /^ {2}Phones +\+48501234567, \+48602345678$/mu);
    assert.match(text, /^ {2}SMS +at-booking, before-start$/mu);
    assert.match(text, /^ {2}Note +Bring tea$/mu);
    const { phones, sms, note, language } = JSON.parse(forPrograms.said.join('\n')) as Record<
      string,
      unknown
    >;
    assert.equal(
      [phones, sms],
      [
        ['+48501234567', '+48602345678'],
        ['at-booking', 'before-start'],
      ],
    );
    assert.equal([note, language], ['Bring tea', 'en']);
    assert.match(said[1] ?? '', / 2 phone /u);
  });
});

test('book refuses landlines and moments that there are not, by name', async () => {
  await inTemporaryFolder(async (folder) => {
    const landline = await konfa(folder, [...BOOK, '--phone', '22 350 09 08']);
    const moment = await konfa(folder, [...BOOK, '--sms', 'at-booking,later']);

    assert.equal(
      [landline.exitCode, landline.complained],
      [1, ['phones: "22 350 09 08" is not a mobile number, no SMS can reach it']],
    );
    assert.is(moment.exitCode, 2);
    assert.match(
      moment.complained.join('\n'),
      /--sms .*Expected at-booking, before-start, or both/u,
    );
  });
});

test('book keeps the digits and rules of the config', async () => {
  await inTemporaryFolder(async (folder) => {
    const settings = {
      rooms: { numberDigits: 6, pinDigits: 4, adminPinDigits: 8 },
      reservations: { activePerProfile: 1, timeZone: 'Europe/London' },
    };
    writeFileSync(join(folder, 'config.json'), JSON.stringify(settings));

    const { number, pin, adminPin } = await bookOne(folder, ['-c', 'config.json']);
    const second = await konfa(folder, [...BOOK, '-c', 'config.json']);

    assert.equal([number.length, pin.length, adminPin.length], [6, 4, 8]);
    assert.is(second.exitCode, 1);
    assert.match(second.complained.join('\n'), /^profile: 1 of 1 reservations stand/u);
  });
});

test('book says what is missing, all of it', async () => {
  const { exitCode, said, complained } = await konfa('/', ['book']);

  assert.equal([exitCode, said], [2, []]);
  assert.equal(
    complained.map((line) => line.slice(0, line.indexOf(':'))),
    ['start', 'end'],
  );
});

const TOO_SOON = ['book', '--start', '2026-11-22T10:10', '--end', '2026-11-22T10:10'];

test('book tells all that is against the rules, in words and times of the zone', async () => {
  await inTemporaryFolder(async (folder) => {
    const { exitCode, said, complained } = await konfa(folder, [...TOO_SOON, '--email', 'nobody']);

    assert.equal([exitCode, said], [1, []]);
    assert.equal([...complained].sort(), [
      'emails: "nobody" is not an e-mail address',
      'end: the end must be after the start, 2026-11-22T10:10+01:00',
      'start: the earliest start possible now is 2026-11-22T10:11+01:00',
    ]);
    assert.equal((await konfa(folder, ['list'])).said, ['No reservations.']);
  });
});

test('book tells a program the problems as JSON too', async () => {
  await inTemporaryFolder(async (folder) => {
    const { exitCode, said } = await konfa(folder, [...TOO_SOON, '--json']);

    const { problems } = JSON.parse(said.join('\n')) as {
      readonly problems: readonly { readonly code: string; readonly field: string }[];
    };
    assert.is(exitCode, 1);
    assert.equal(problems.map(({ code, field }) => [code, field]).sort(), [
      ['end-before-start', 'end'],
      ['start-too-soon', 'start'],
    ]);
  });
});

test('book never gives the number of a permanent room or an access number', async () => {
  await inTemporaryFolder(async (folder) => {
    const taken = Array.from({ length: 10_000 }, (_, index) => String(index).padStart(4, '0'));
    const free = new Set(['4711', '8064', '2935']);
    const settings = {
      rooms: { numberDigits: 4 },
      accessNumbers: taken.filter((number) => number < '5000' && !free.has(number)).map(access),
      permanentRooms: taken.filter((number) => number >= '5000' && !free.has(number)).map(access),
    };
    writeFileSync(join(folder, 'config.json'), JSON.stringify(settings));

    for (let booked = 0; booked < 3; booked += 1) {
      const { number } = await bookOne(folder, ['-c', 'config.json']);
      assert.ok(free.delete(number), number);
    }
  });

  function access(number: string): { readonly number: string } {
    return { number };
  }
});

test.run();
