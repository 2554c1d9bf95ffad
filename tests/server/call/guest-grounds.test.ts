import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { parseConfig } from '../../../server/config/config.ts';
import type { Role } from '../../../server/reservation/reservation.ts';
import { GuestWorld, ROOM } from './guest-world.ts';

/** The status that a browser's call is answered with. */
function statusOf(world: GuestWorld, credential: string): number {
  const [first] = world.callByBrowser(credential).sip;
  return first?.type === 'reject' ? first.status : 200;
}

function seatByPin(world: GuestWorld, pin: string): string {
  const wish = { name: 'Ola', language: 'pl', address: '192.0.2.50' } as const;
  const outcome = world.switchboard.guests.seatByPin({ ...wish, number: ROOM.number, pin });
  return outcome.outcome === 'seated' ? outcome.credential : '';
}

test('a seat that was not taken ends with the link that it was given for', () => {
  const world = new GuestWorld();
  const credential = world.credential('Ola', 'moderator');

  world.link = 'revoked';

  assert.is(statusOf(world, credential), 403);
  assert.is(
    world.switchboard.live.watch(credential, () => undefined),
    null,
  );
});

test('whoever is inside when the link is revoked stays, also over a lost connection', async () => {
  const world = new GuestWorld();
  const credential = world.credential('Ola');
  const first = await world.enter(credential);

  world.link = 'revoked';
  world.ended(first, 'transport');
  await world.run(1000);
  const second = await world.enter(credential);
  world.ended(second);
  await world.run(10);

  assert.is(statusOf(world, credential), 403, 'after leaving there is no way back');
});

test('whoever waits outside a room is told when there is no such room any more', () => {
  const world = new GuestWorld();
  const page = world.watch(world.credential('Ola'));

  world.switchboard.reload(parseConfig({ permanentRooms: [] }));

  assert.is(page.ended, 'reservation-deleted');
});

test('whoever watches from outside is told when the link was revoked', () => {
  const world = new GuestWorld();
  const page = world.watch(world.credential('Ola'));

  world.link = 'revoked';
  world.switchboard.refreshRooms();

  assert.is(page.ended, 'seat-expired');
});

const ROLES: readonly (readonly [Role, object])[] = [
  ['participant', { pin: '13579' }],
  ['moderator', { adminPin: '8642097' }],
];

for (const [role, change] of ROLES) {
  test(`new PINs end the seat of a ${role} that the old one got`, () => {
    const world = new GuestWorld();
    const old = role === 'moderator' ? ROOM.adminPin : ROOM.pin;
    const credential = seatByPin(world, old);
    const other = seatByPin(world, role === 'moderator' ? ROOM.pin : ROOM.adminPin);

    world.switchboard.reload(parseConfig({ permanentRooms: [{ ...ROOM, ...change }] }));

    assert.is(statusOf(world, credential), 403);
    assert.is(statusOf(world, other), 200, 'what did not change holds');
  });
}

test.run();
