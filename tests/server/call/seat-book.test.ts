import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { SeatBook } from '../../../server/call/seat-book.ts';
import { systemRandom } from '../../../server/runtime/random.ts';
import { TERMS } from '../room/room-rig.ts';

const HOUR_MS = 3_600_000;

interface Book {
  readonly book: SeatBook;
  readonly busy: Set<string>;
  readonly give: (nowMs: number, more?: { address?: string; roomId?: string }) => string | null;
}

function open(
  limits: { perAddress?: number; perParticipant?: number; altogether?: number } = {},
): Book {
  const busy = new Set<string>();
  const book = new SeatBook({
    random: systemRandom,
    limits: () => ({
      lifetimeMs: HOUR_MS,
      perAddress: 100,
      perParticipant: 4,
      altogether: 1000,
      ...limits,
    }),
    isIdle: ({ seatId }) => !busy.has(seatId),
    expired: () => undefined,
  });
  return {
    book,
    busy,
    give(nowMs, { address = '192.0.2.1', roomId = 'room-1' } = {}) {
      const terms = { ...TERMS, roomId };
      const ola = { role: 'participant', name: 'Ola', language: 'pl', linkId: null } as const;
      return book.give({ ...ola, terms, address }, nowMs)?.credential ?? null;
    },
  };
}

test('finds a seat by its credential and by nothing that is like it', () => {
  const { book, give } = open();
  const credential = give(0) ?? '';

  assert.match(credential, /^[\w-]{43}$/u);
  assert.is(book.find(credential, 1)?.name, 'Ola');
  assert.is(book.find(credential.slice(0, -1), 1), null);
  assert.is(book.find(credential.toUpperCase(), 1), null);
  assert.is(book.find('', 1), null);
});

test('keeps no credential', () => {
  const { book, give } = open();
  const credential = give(0) ?? '';

  assert.not.ok(JSON.stringify(book.find(credential, 1)).includes(credential));
});

test('forgets a seat after its time, but not while it is in use', () => {
  const { book, busy, give } = open();
  const credential = give(0) ?? '';
  const seatId = book.find(credential, 0)?.seatId ?? '';

  assert.ok(book.find(credential, HOUR_MS - 1));
  busy.add(seatId);
  assert.ok(book.find(credential, 5 * HOUR_MS));
  busy.clear();
  assert.is(book.find(credential, 5 * HOUR_MS), null);
  give(5 * HOUR_MS);
  assert.is(book.size, 1);
});

test('a seat that was given up opens nothing any more', () => {
  const { book, give } = open();
  const credential = give(0) ?? '';

  book.giveUp(book.find(credential, 0)?.seatId ?? '');
  book.giveUp('seat-of-nobody');

  assert.is(book.find(credential, 0), null);
  assert.is(book.size, 0);
});

test('of too many seats of an address the oldest idle one goes, and no other', () => {
  const { book, busy, give } = open({ perAddress: 3 });
  const [first, second, third] = [give(0) ?? '', give(1) ?? '', give(2) ?? ''];
  const elsewhere = give(3, { address: '192.0.2.2' }) ?? '';
  busy.add(book.find(first, 3)?.seatId ?? '');

  const fourth = give(4) ?? '';

  assert.equal(
    [first, second, third, fourth, elsewhere].map((each) => book.find(each, 5) !== null),
    [true, false, true, true, true],
  );
});

test('refuses a seat when all there may be are in use', () => {
  const { book, busy, give } = open({ perParticipant: 1 });
  const given = [give(0), give(0), give(0)];
  for (const credential of given) busy.add(book.find(credential ?? '', 0)?.seatId ?? '');

  assert.is(give(1), null);
  assert.ok(give(1, { roomId: 'room-2' }));
});

test('keeps a limit over all rooms', () => {
  const { book, give } = open({ altogether: 5 });

  for (let room = 0; room < 50; room += 1) {
    give(room, { roomId: `room-${room}`, address: `192.0.2.${room}` });
  }

  assert.is(book.size, 5);
});

test.run();
