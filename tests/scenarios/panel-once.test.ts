import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createKeptAnswerStore } from '../../db/kept-answer-store.ts';
import { BOOKING, inPanel } from '../server/panel/panel-world.ts';
import type { Answer, PanelWorld } from '../server/panel/panel-world.ts';

const RESERVATIONS = '/api/v1/reservations';
const DAY_MS = 86_400_000;

function book(
  { ask }: Pick<PanelWorld, 'ask'>,
  key: string,
  differences: { readonly as?: string; readonly body?: object } = {},
): Promise<Answer> {
  const headers = { 'idempotency-key': key };
  return ask('POST', RESERVATIONS, { body: BOOKING, ...differences, headers });
}

async function used({ ask }: Pick<PanelWorld, 'ask'>, as = 'anna'): Promise<unknown> {
  const { json } = await ask('GET', RESERVATIONS, { as });
  return (json['places'] as Record<string, unknown>)['used'];
}

test('the same key and body get the first answer again, and book once', () =>
  inPanel(async (world) => {
    const first = await book(world, 'k1');
    const again = await book(world, 'k1');

    assert.is(first.status, 201);
    assert.is(again.status, 201);
    assert.equal(again.json, first.json);
    assert.is(again.headers['location'], first.headers['location']);
    assert.is(again.headers['etag'], first.headers['etag']);
    assert.is(await used(world), 1);
    assert.is(world.changed.length, 1);
  }));

test('the same key with another body is refused', () =>
  inPanel(async (world) => {
    await book(world, 'k1');
    const other = await book(world, 'k1', { body: { ...BOOKING, title: 'Other' } });

    assert.is(other.status, 422);
    assert.is(other.json['code'], 'key-reused');
    assert.is(await used(world), 1);
  }));

test('a key belongs to one profile', () =>
  inPanel(async (world) => {
    const anna = await book(world, 'k1');
    const eve = await book(world, 'k1', { as: 'eve' });

    assert.is(eve.status, 201);
    assert.is.not(eve.json['reservationId'], anna.json['reservationId']);
    assert.is(await used(world, 'eve'), 1);
  }));

test('a refusal is not kept: the corrected request may bear the same key', () =>
  inPanel(async (world) => {
    const refused = await book(world, 'k1', { body: { ...BOOKING, emails: ['nobody'] } });
    const good = await book(world, 'k1');

    assert.is(refused.status, 422);
    assert.is(good.status, 201);
  }));

test('a key is forgotten after a day, and purged', () =>
  inPanel(async (world) => {
    await book(world, 'k1');
    const later = { start: '2026-03-09T11:00', end: '2026-03-09T12:00' };
    world.clock.stepWallclock(DAY_MS);

    assert.is((await book(world, 'k1', { body: later })).status, 201);
    const store = createKeptAnswerStore(world.connection);
    assert.is(store.purge(world.clock.wallclockMs(), 10), 0);
    assert.is(store.purge(world.clock.wallclockMs() + 1, 10), 1);
  }));

test('a key that is none is refused', () =>
  inPanel(async (world) => {
    for (const key of ['a b', 'x'.repeat(201), 'zażółć'.normalize('NFD').slice(0, 1) + '\u00e9']) {
      assert.is((await book(world, key)).json['code'], 'bad-idempotency-key', key);
    }
    assert.is(await used(world), 0);
  }));

test('when the answer cannot be kept the booking is not either, so that the next try books once', () =>
  inPanel(async (world) => {
    // As good as a crash between the two: whatever comes after the booking within the transaction fails.
    world.connection.exec(`CREATE TRIGGER crash BEFORE INSERT ON kept_answer
      BEGIN SELECT raise(ABORT, 'crash'); END`);
    const crashed = await book(world, 'k1');
    assert.is(crashed.status, 500);
    assert.is(await used(world), 0);
    assert.is(world.changed.length, 0);
    world.connection.exec('DROP TRIGGER crash');

    const again = await book(world, 'k1');

    assert.is(again.status, 201);
    assert.is(await used(world), 1);
  }));

test.run();
