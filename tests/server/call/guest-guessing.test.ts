import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { GuestWorld, ROOM } from './guest-world.ts';

/** What somebody is told who tries a PIN by browser from this address. */
function tryPin(
  world: GuestWorld,
  guess: { readonly address: string; readonly pin?: string; readonly number?: string },
): string {
  const outcome = world.switchboard.guests.seatByPin({
    ...{ name: 'Ola', language: 'pl', number: ROOM.number, pin: '11223' },
    ...guess,
  });
  return outcome.outcome === 'refused' ? outcome.why : outcome.outcome;
}

test('addresses of one IPv6 network guess as one', () => {
  const world = new GuestWorld();
  for (let host = 1; host <= 9; host += 1) tryPin(world, { address: `2001:db8:1:2::${host}` });

  const same = tryPin(world, { address: '2001:db8:1:2:ffff::1', pin: ROOM.pin });
  const other = tryPin(world, { address: '2001:db8:1:3::1', pin: ROOM.pin });

  assert.equal([same, other], ['refused-for-a-while', 'seated']);
});

test('whoever tries one room after the other is refused at all of them', async () => {
  const world = new GuestWorld();
  const address = '192.0.2.7';
  for (let number = 10_001; number <= 10_020; number += 1) {
    assert.is(tryPin(world, { address, number: String(number) }), 'wrong-pin');
  }

  assert.is(tryPin(world, { address, pin: ROOM.pin }), 'refused-for-a-while');
  assert.is(tryPin(world, { address: '192.0.2.8', pin: ROOM.pin }), 'seated', 'others are not');
  await world.run(600_000);
  assert.is(tryPin(world, { address, pin: ROOM.pin }), 'seated', 'after a while');
});

test('addresses of one IPv6 network share the calls of a minute', () => {
  const world = new GuestWorld({ webrtc: { callsPerMinutePerAddress: 2 } });

  const texts = ['2001:db8::1', '2001:db8::2', '2001:db8::3', '2001:db8:0:1::1'].map((host) =>
    world.reason(world.callByBrowser('no credential', { host })),
  );

  const unknown = 'no seat, or not any more';
  assert.equal(texts, [unknown, unknown, 'too many calls per minute', unknown]);
});

test.run();
