import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { GuestWorld } from './guest-world.ts';

test('calls without a seat leave no records, those of guests do', async () => {
  const world = new GuestWorld();
  const host = '198.51.100.7';
  for (let call = 0; call < 200; call += 1) world.callByBrowser(null, { number: '10001', host });
  world.callByBrowser('guessed');
  assert.is(world.records.length, 0);

  const credential = world.credential('Ola');
  world.callByBrowser(credential, { number: '10001' });
  const peer = await world.enter(credential);
  world.ended(peer);
  await world.run(10);

  const kept = world.records.map(({ guestName, cause }) => `${guestName}: ${cause}`);
  assert.equal(kept, ['Ola: seat-of-another-room', 'Ola: caller-hung-up']);
});

test('tells the guard of a token that is wrong, and not of a page without one or with the seat of another room', async () => {
  const world = new GuestWorld();
  const host = '198.51.100.7';

  world.callByBrowser('guessed', { host });
  world.callByBrowser(null, { host });
  world.callByBrowser(world.credential('Ola'), { number: '10001', host });
  await world.run(10);

  assert.equal(world.offences, ['198.51.100.7 bad-credentials']);
});

test.run();
