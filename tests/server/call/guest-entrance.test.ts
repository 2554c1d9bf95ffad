import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { GuestWorld, ROOM, click } from './guest-world.ts';

const WISH = { name: 'Ola', language: 'pl', address: '192.0.2.50' } as const;

/** What somebody is told who wants a seat by number and PIN. */
function byPin(world: GuestWorld, pin: string, number: string = ROOM.number): string {
  const outcome = world.switchboard.guests.seatByPin({ ...WISH, number, pin });
  return outcome.outcome === 'refused'
    ? `${outcome.why} after ${outcome.delayMs}`
    : outcome.seat.role;
}

/** What a browser is told that calls. */
function refusal(
  world: GuestWorld,
  ...call: Parameters<GuestWorld['callByBrowser']>
): readonly [status: number, text: string | undefined] {
  const peer = world.callByBrowser(...call);
  const [first] = peer.sip;
  return [first?.type === 'reject' ? first.status : 200, world.reason(peer)];
}

test('PIN and ADMIN PIN open the room in their roles, a wrong one does not', () => {
  const world = new GuestWorld();

  assert.is(byPin(world, ROOM.pin), 'participant');
  assert.is(byPin(world, ROOM.adminPin), 'moderator');
  assert.is(byPin(world, '11111'), 'wrong-pin after 0');
  assert.is(byPin(world, ROOM.pin, '99999'), 'wrong-pin after 0');
});

test('wrong PINs of a browser cost time, then a refusal, under the limits of the phone', () => {
  const world = new GuestWorld();

  const told = Array.from({ length: 10 }, () => byPin(world, '11111'));

  assert.equal(told, [
    ...Array.from({ length: 5 }, () => 'wrong-pin after 0'),
    'wrong-pin after 1000',
    'wrong-pin after 2000',
    'wrong-pin after 4000',
    'wrong-pin after 8000',
    'refused-for-a-while after 0',
  ]);
  assert.is(byPin(world, ROOM.pin), 'refused-for-a-while after 0');
});

test('a locked room gives no seats but to moderators; a room that is full to nobody', async () => {
  const world = new GuestWorld({ permanentRooms: [{ ...ROOM, maxParticipants: 2 }] });
  const credential = world.credential('Ewa', 'moderator');
  await world.enter(credential);
  const page = world.watch(credential);
  click(page, { type: 'set-lock', lock: 'locked' });

  assert.is(byPin(world, ROOM.pin), 'locked after 0');
  assert.is(byPin(world, ROOM.adminPin), 'moderator');
  click(page, { type: 'set-lock', lock: 'open' });
  await world.enter(world.credential('Ola'));
  assert.is(byPin(world, ROOM.pin), 'full after 0');
  assert.is(byPin(world, ROOM.adminPin), 'full-moderator after 0');
});

test('a seat that was given before the room was locked or full does not open it', async () => {
  const world = new GuestWorld({ permanentRooms: [{ ...ROOM, maxParticipants: 2 }] });
  const moderator = world.credential('Ewa', 'moderator');
  const early = world.credential('Ola');
  const late = world.credential('Jan');
  await world.enter(moderator);
  const page = world.watch(moderator);

  click(page, { type: 'set-lock', lock: 'locked' });
  assert.equal(refusal(world, early), [480, 'room is locked']);
  click(page, { type: 'set-lock', lock: 'open' });
  await world.enter(early);
  assert.equal(refusal(world, late), [486, 'room is full']);
});

test('a moderator who meets a full room may have the last one who joined removed, once', async () => {
  const world = new GuestWorld({ permanentRooms: [{ ...ROOM, maxParticipants: 2 }] });
  await world.phone('600100200');
  const olas = world.credential('Ola');
  const ola = await world.enter(olas);
  const removed = world.watch(olas);
  const before = world.credentialByPin(ROOM.adminPin, 'remove-last');
  assert.is(removed.ended, null, 'nobody is removed before the call');

  const ewa = await world.enter(before);
  await world.run(10);

  assert.is(removed.ended, 'removed');
  assert.is(world.reason(ola), 'removed by a moderator');
  assert.equal(world.watch(before).looks, ['+48 *** *** 200', 'Ewa']);
  world.ended(ewa);
  await world.enter(world.credential('Jan'));
  assert.equal(refusal(world, before), [486, 'room is full'], 'the next time is asked anew');
});

test('a moderator removes nobody where there is room, and nobody else removes anybody', async () => {
  const world = new GuestWorld({ permanentRooms: [{ ...ROOM, maxParticipants: 2 }] });
  await world.enter(world.credential('Ola'));
  const guests = world.switchboard.guests;
  const wish = { ...WISH, number: ROOM.number, whenFull: 'remove-last' } as const;

  const asked = guests.seatByPin({ ...wish, pin: ROOM.pin });
  const credential = world.credentialByPin(ROOM.adminPin, 'remove-last');
  await world.enter(credential);

  assert.is(asked.outcome === 'refused' ? asked.why : null, 'moderator-only');
  assert.equal(world.watch(credential).looks, ['Ola', 'Ewa']);
});

test('whoever has a place in the room comes back to it, though it is locked and full', async () => {
  const world = new GuestWorld({ permanentRooms: [{ ...ROOM, maxParticipants: 2 }] });
  const moderator = world.credential('Ewa', 'moderator');
  const guest = world.credential('Ola');
  await world.enter(moderator);
  world.ended(await world.enter(guest), 'transport');
  click(world.watch(moderator), { type: 'set-lock', lock: 'locked' });

  await world.enter(guest);
});

test('a credential calls its own room and nothing else', () => {
  const world = new GuestWorld();
  const credential = world.credential('Ola');

  assert.equal(refusal(world, credential, { number: '908' }), [403, 'seat is in another room']);
  assert.equal(refusal(world, credential, { number: '600100200' }), [
    403,
    'seat is in another room',
  ]);
  for (const stranger of [null, '', 'guessed', `${credential}x`, 'ą'.repeat(1000)]) {
    assert.equal(refusal(world, stranger), [403, 'no seat, or not any more']);
  }
  assert.is(world.switchboard.calls, 0);
});

test('refuses an address that calls too often in a minute, and no other', async () => {
  const world = new GuestWorld({ webrtc: { callsPerMinutePerAddress: 3 } });
  const credential = world.credential('Ola');
  for (let call = 0; call < 3; call += 1) refusal(world, 'guessed');

  assert.equal(refusal(world, credential), [503, 'too many calls per minute']);
  assert.is(refusal(world, credential, { host: '192.0.2.51' })[0], 200);
  await world.run(20_000);
  await world.enter(credential);
});

test('all calls together are limited, by browser and by phone', async () => {
  const world = new GuestWorld({ limits: { maxCalls: 1 } });
  await world.phone('600100200');

  assert.equal(refusal(world, world.credential('Ola')), [503, 'too many calls']);
});

test('without WebRTC nobody gets a seat, and none opens anything', () => {
  const world = new GuestWorld({ webrtc: { enabled: false } });

  assert.is(byPin(world, ROOM.pin), 'webrtc-off after 0');
  assert.equal(refusal(world, 'any'), [403, 'no seat, or not any more']);
});

test('a browser needs no trunk, and what is no browser has no use for a credential', async () => {
  const world = new GuestWorld({ trunks: [{ name: 'far', allowFrom: ['198.51.100.0/24'] }] });
  const credential = world.credential('Ola');

  await world.enter(credential);
});

test('a guest is told the addresses that lead to the server', async () => {
  const told = async (host: string, settings = {}): Promise<readonly string[]> => {
    const world = new GuestWorld(settings);
    const peer = world.callByBrowser(world.credential('Ola'), { host });
    await world.run(10);
    const [answer] = peer.sip;
    const sdp = answer?.type === 'answer' ? answer.sdp : '';
    return [...sdp.matchAll(/^a=candidate:\S+ 1 (\S+) \d+ (\S+) /gmu)].map(
      ([, transport = '', address = '']) => `${transport.toLowerCase()} ${address}`,
    );
  };

  assert.equal(await told('192.0.2.50'), ['udp 192.0.2.7', 'tcp 192.0.2.7']);
  assert.equal(await told('127.0.0.1'), ['udp 127.0.0.1', 'udp 192.0.2.7', 'tcp 192.0.2.7']);
  const behindNat = { media: { externalAddress: '203.0.113.7' } };
  assert.equal(await told('198.51.100.1', behindNat), ['udp 203.0.113.7', 'tcp 203.0.113.7']);
});

for (const [typed, shown] of [
  ['  Ola   Nowak ', 'Ola Nowak'],
  ['Ola\r\nBYE sip:x', 'Ola BYE sip:x'],
  ['\u202Eknahtnoc', 'knahtnoc'],
  ['\u0000\u2028', '?'],
  ['👩‍💻 Zażółć', '👩‍💻 Zażółć'],
  ['x'.repeat(100), 'x'.repeat(60)],
] as const) {
  test(`shows a guest who calls themselves ${JSON.stringify(typed.slice(0, 20))} in one line`, () => {
    const outcome = new GuestWorld().askForSeat(typed);

    assert.is(outcome.outcome === 'seated' ? outcome.seat.name : null, shown);
  });
}

test.run();
