import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { click, GuestWorld, ROOM } from './guest-world.ts';

test('a guest is in the room at once and is told nothing; the phone hears a tone', async () => {
  const world = new GuestWorld();
  await world.phone('600100200');
  world.takeLines();

  const guest = await world.enter(world.credential('Ola'));

  const lines = world.takeLines();
  const leg = world.legOf(guest);
  assert.ok(lines.includes(`${leg} opens for permanent-${ROOM.number}`));
  assert.ok(lines.includes(`join-room ${leg} permanent-${ROOM.number}`));
  assert.ok(lines.includes('all hear tone-enter'));
  assert.not.ok(lines.some((line) => line.startsWith(`${leg} hears`)));
});

test('everybody is shown with a name; of a phone only its country and three digits', async () => {
  const world = new GuestWorld();
  const credential = world.credential('Ola');
  await world.phone('600100200');
  await world.enter(credential);
  await world.phone('+442079460123');

  const page = world.watch(credential);

  assert.equal(page.looks, ['+48 *** *** 200', 'Ola', '+44 *** *** 123']);
  assert.is(page.people.find(({ name }) => name === 'Ola')?.personId, page.you);
});

test('a guest whose connection is lost is back in the same seat, as muted as before, without a tone', async () => {
  const world = new GuestWorld();
  await world.phone('600100200');
  const credential = world.credential('Ola');
  const first = await world.enter(credential);
  const page = world.watch(credential);
  assert.is(click(page, { type: 'set-microphone', microphone: 'muted' }), 'done 5');
  assert.is(click(page, { type: 'set-hand', hand: 'raised' }), 'done 5');
  world.takeLines();

  world.ended(first, 'transport');
  await world.run(20_000);
  const meanwhile = page.looks;
  const second = await world.enter(credential);

  assert.equal(meanwhile, ['+48 *** *** 200', 'Ola, muted by self, hand, away']);
  assert.equal(page.looks, ['+48 *** *** 200', 'Ola, muted by self, hand']);
  const lines = world.takeLines();
  assert.ok(lines.includes(`set-microphone ${world.legOf(second)} muted`));
  assert.not.ok(lines.some((line) => line.startsWith('all hear')));
  assert.is(world.records.at(-1)?.cause, 'connection-lost');
});

test('a guest who is away too long has left, and may come in again as anybody may', async () => {
  const world = new GuestWorld({ webrtc: { seatGraceSeconds: 60 } });
  const phone = await world.phone('600100200');
  const credential = world.credential('Ola');
  world.ended(await world.enter(credential), 'transport');
  world.takeLines();

  await world.run(59_000);
  assert.is(world.switchboard.peopleIn(`permanent-${ROOM.number}`), 2);
  await world.run(2000);
  assert.is(world.switchboard.peopleIn(`permanent-${ROOM.number}`), 1);
  assert.ok(world.takeLines().includes('all hear tone-leave'));

  await world.run(5000);
  assert.ok(world.takeLines().includes(`set-music ${world.legOf(phone)} on`));
  await world.enter(credential);
  assert.ok(world.takeLines().includes('all hear tone-enter'));
});

test('a second call of the same seat takes the place of the first, which ends', async () => {
  const world = new GuestWorld();
  await world.phone('600100200');
  const credential = world.credential('Ola');
  const first = await world.enter(credential);
  world.takeLines();

  const second = await world.enter(credential);

  assert.is(world.reason(first), 'taken over by a newer call');
  const lines = world.takeLines();
  const [left, joined] = [`leave-room ${world.legOf(first)}`, `join-room ${world.legOf(second)}`];
  assert.ok(lines.findIndex((line) => line === left) >= 0);
  assert.ok(lines.indexOf(left) < lines.findIndex((line) => line.startsWith(joined)));
  assert.not.ok(lines.some((line) => line.startsWith('all hear')));
  assert.is(world.switchboard.peopleIn(`permanent-${ROOM.number}`), 2);
  await world.run(100);
  assert.is(world.switchboard.calls, 2);
});

test('a second call that cannot be agreed on leaves the first alone', async () => {
  const world = new GuestWorld();
  const credential = world.credential('Ola');
  const first = await world.enter(credential);

  const second = world.callByBrowser(credential, { offer: 'v=0' });
  await world.run(10);

  assert.is(second.sip[0]?.type, 'reject');
  assert.is(first.sip.length, 1);
});

test('BYE is leaving: at once, with a tone', async () => {
  const world = new GuestWorld();
  await world.phone('600100200');
  const guest = await world.enter(world.credential('Ola'));
  world.takeLines();

  world.ended(guest);

  assert.is(world.switchboard.peopleIn(`permanent-${ROOM.number}`), 1);
  assert.ok(world.takeLines().includes('all hear tone-leave'));
});

test('whoever gives the seat up is out, and the credential opens nothing any more', async () => {
  const world = new GuestWorld();
  const credential = world.credential('Ola');
  const guest = await world.enter(credential);
  const page = world.watch(credential);

  world.switchboard.guests.giveUp(credential);
  await world.run(10);

  assert.is(page.ended, 'left');
  assert.is(world.switchboard.rooms, 0);
  assert.is(guest.sip.at(-1)?.type, 'hang-up');
  assert.is(world.switchboard.guests.seatOf(credential), null);
  assert.is(world.callByBrowser(credential).sip[0]?.type, 'reject');
});

test('when the media worker crashes, the seats of guests wait with lock, hands and microphones', async () => {
  const world = new GuestWorld();
  const credential = world.credential('Ola', 'moderator');
  const lost = await world.enter(credential);
  const phone = await world.phone('600100200');
  const page = world.watch(credential);
  click(page, { type: 'set-lock', lock: 'locked' });
  click(page, { type: 'set-hand', hand: 'raised' });
  click(page, { type: 'set-microphone', microphone: 'muted' });
  world.takeLines();

  world.pool.crash();
  await world.run(1000);
  assert.equal(page.looks, ['Ola, muted by self, hand, away']);
  await world.enter(credential);

  assert.is(lost.sip.at(-1)?.type, 'hang-up');
  assert.is(phone.sip.at(-1)?.type, 'hang-up');
  assert.equal(page.looks, ['Ola, muted by self, hand']);
  assert.is(page.room?.lock, 'locked');
  const lines = world.takeLines();
  assert.ok(lines.includes(`open-room permanent-${ROOM.number}`));
  assert.not.ok(lines.some((line) => line.includes('tone-enter')));
});

for (const [name, event] of [
  ['whose audio stops', { type: 'leg-silent' }],
  ['whose handshake fails', { type: 'leg-insecure', reason: 'no such fingerprint' }],
] as const) {
  test(`the seat of a guest ${name} waits`, async () => {
    const world = new GuestWorld();
    const credential = world.credential('Ola');
    const guest = await world.enter(credential);
    const page = world.watch(credential);

    world.switchboard.mediaEvent({ ...event, legId: world.legOf(guest) });
    await world.run(10);

    assert.equal(page.looks, ['Ola, away']);
    assert.is(guest.sip.at(-1)?.type, 'hang-up');
  });
}

test('a moderator mutes a phone by a click: it hears so, and may unmute itself', async () => {
  const world = new GuestWorld();
  const phone = await world.phone('600100200');
  const credential = world.credential('Ola', 'moderator');
  await world.enter(credential);
  const page = world.watch(credential);
  await world.run(2000);
  world.takeLines();

  const [muted] = page.people;
  assert.is(click(page, { type: 'mute-person', personId: muted?.personId ?? '' }), 'done 5');
  assert.equal(page.looks, ['+48 *** *** 200, muted by moderator', 'Ola']);
  assert.equal(world.takeLines(), [
    `set-microphone ${world.legOf(phone)} muted`,
    `${world.legOf(phone)} hears pl/muted-by-moderator`,
  ]);

  world.press(phone, '*1');
  assert.equal(page.looks, ['+48 *** *** 200', 'Ola']);
});

test('keys of the page reach the room menu and are confirmed aloud', async () => {
  const world = new GuestWorld();
  await world.phone('600100200');
  const credential = world.credential('Ola');
  const guest = await world.enter(credential);
  const page = world.watch(credential);
  world.takeLines();

  world.press(guest, '*5');

  assert.equal(page.looks, ['+48 *** *** 200', 'Ola, hand']);
  assert.ok(world.takeLines().includes(`${world.legOf(guest)} hears en/hand-raised`));
});

test('a guest who is removed is told by the feed before the call ends, and cannot come back', async () => {
  const world = new GuestWorld();
  const guest = world.credential('Ola');
  const call = await world.enter(guest);
  const page = world.watch(guest);
  const moderator = world.credential('Ewa', 'moderator');
  await world.enter(moderator);

  const answer = click(world.watch(moderator), { type: 'remove-person', personId: page.you });
  await world.run(10);

  assert.is(answer, 'done 5');
  assert.is(page.ended, 'removed');
  assert.is(world.reason(call), 'removed by a moderator');
  assert.is(world.reason(world.callByBrowser(guest)), 'no seat, or not any more');
});

test('a guest who is removed while calling again is not let in by that call', async () => {
  const world = new GuestWorld();
  const guest = world.credential('Ola');
  const moderator = world.credential('Ewa', 'moderator');
  await world.enter(moderator);
  world.ended(await world.enter(guest), 'transport');
  const again = world.callByBrowser(guest);
  const { you } = world.watch(guest);

  click(world.watch(moderator), { type: 'remove-person', personId: you });
  await world.run(50);

  assert.is(world.reason(again), 'removed by a moderator');
  assert.is(world.switchboard.peopleIn(`permanent-${ROOM.number}`), 1);
});

test('a seat that waits in its room is not given up for newer ones', async () => {
  const world = new GuestWorld({ webrtc: { connectionsPerAddress: 2 } });
  const credential = world.credential('Ola');
  world.ended(await world.enter(credential), 'transport');
  await world.run(100);

  for (const name of ['one', 'two', 'three']) world.credential(name);

  await world.enter(credential);
});

test('whoever is not in the room sees nobody in it, and can do nothing there', async () => {
  const world = new GuestWorld();
  await world.enter(world.credential('Ola'));
  const credential = world.credential('Ewa', 'moderator');

  const page = world.watch(credential);

  assert.equal(page.looks, []);
  assert.is(click(page, { type: 'mute-all' }), 'not-in-the-room 5');
  await world.enter(credential);
  assert.equal(page.looks, ['Ola', 'Ewa']);
});

test('a seat that only watches expires as one does that nobody uses', async () => {
  const world = new GuestWorld({ webrtc: { seatHours: 1 } });
  const inside = world.credential('Ola');
  await world.enter(inside);
  const pages = [inside, world.credential('Ewa')].map((credential) => world.watch(credential));
  const askAll = (): readonly (string | null)[] =>
    pages.map((page) => {
      if (page.ended === null) page.viewer?.receive({ type: 'ping' });
      return page.ended;
    });

  await world.run(3_500_000);
  assert.equal(askAll(), [null, null]);
  await world.run(200_000);

  assert.equal(askAll(), [null, 'seat-expired']);
});

test('a seat that only watches is given up for newer ones, and told so', async () => {
  const world = new GuestWorld({ webrtc: { connectionsPerAddress: 2 } });
  const page = world.watch(world.credential('Ewa'));

  for (const name of ['one', 'two']) world.credential(name);

  assert.is(page.ended, 'seat-expired');
});

test('a later watch of the same seat takes over', async () => {
  const world = new GuestWorld();
  const credential = world.credential('Ola');
  const first = world.watch(credential);

  const second = world.watch(credential);
  await world.enter(credential);

  assert.is(first.ended, 'taken-over');
  assert.equal(second.looks, ['Ola']);
});

test('ends for all: every page is told, and the calls end without words', async () => {
  const world = new GuestWorld();
  const phone = await world.phone('600100200', ROOM.adminPin);
  const credential = world.credential('Ola');
  const guest = await world.enter(credential);
  const page = world.watch(credential);
  await world.run(3000);
  world.takeLines();

  world.press(phone, '*099');
  await world.run(10);

  assert.is(page.ended, 'ended-by-moderator');
  assert.is(world.reason(guest), 'ended by a moderator');
  assert.not.ok(world.takeLines().some((line) => line.startsWith(`${world.legOf(guest)} hears`)));
});

test('a stopping server tells its viewers, and gives no seats', async () => {
  const world = new GuestWorld();
  const credential = world.credential('Ola');
  await world.enter(credential);
  const page = world.watch(credential);

  const stopped = world.switchboard.stop();
  await world.run(100);
  await stopped;

  assert.is(page.ended, 'server-stopping');
  assert.equal(world.askForSeat('Ewa'), {
    outcome: 'refused',
    why: 'server-stopping',
    retryAfterMs: null,
  });
});

test('the call log has the guest by name, and no trunk', async () => {
  const world = new GuestWorld();
  const guest = await world.enter(world.credential('Ola'));

  world.ended(guest);
  await world.run(10);

  const record = world.records.at(-1);
  assert.is(record?.via, 'browser');
  assert.is(record?.guestName, 'Ola');
  assert.is(record?.trunk, '');
  assert.is(record?.caller, null);
  assert.is(record?.room, ROOM.number);
  assert.is(record?.role, 'participant');
});

test.run();
