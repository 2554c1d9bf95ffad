import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Reservation } from '../../server/reservation/reservation.ts';
import { OrganisingRig } from '../support/organising-rig.ts';

const HOUR_MS = 3_600_000;
const GUEST = 'guest@example.org';
const OWNER = 'owner@example.org';

async function booked(
  rig: OrganisingRig,
  profileId: string,
  emails: readonly string[],
): Promise<Reservation> {
  const start = rig.nowMs + 10 * HOUR_MS;
  const request = { profileId, start, end: start + HOUR_MS, emails };
  const outcome = rig.organising.reservations.book(request, rig.nowMs);
  if (outcome.outcome === 'refused') throw new Error(JSON.stringify(outcome.problems));
  rig.organising.wake();
  await rig.run(20_000);
  return outcome.reservation;
}

test('guests of a suspended account are still reminded', async () => {
  const rig = new OrganisingRig();
  await rig.account('boss@example.org', 'administrator');
  const profileId = await rig.account(OWNER);
  await booked(rig, profileId, [GUEST]);
  rig.organising.accounts.administer(profileId, { state: 'suspended' });

  await rig.run(10 * HOUR_MS);

  assert.equal(
    rig.post.mails.filter(({ to }) => to === GUEST).map(({ replyTo }) => replyTo),
    [OWNER, OWNER],
  );
  await rig.close();
});

test('an organiser who is among the guests gets both mails, and the ADMIN PIN in their own alone', async () => {
  const rig = new OrganisingRig();
  const profileId = await rig.account(OWNER);

  const { adminPin } = await booked(rig, profileId, ['Owner@Example.org', OWNER, GUEST]);

  const about = rig.post.mails.filter(({ calendar }) => calendar !== null);
  const withAdminPin = about.filter(({ text }) => text.includes(adminPin ?? ''));
  assert.equal(about.map(({ to }) => to).sort(), ['Owner@Example.org', GUEST, OWNER]);
  assert.equal(
    withAdminPin.map(({ to }) => to),
    [OWNER],
  );
  await rig.close();
});

test('a booking of the command line is sent by the service, with nobody to reply to', async () => {
  const rig = new OrganisingRig();

  await booked(rig, 'local', [GUEST]);

  assert.is(rig.post.mails.length, 1);
  const [mail] = rig.post.mails;
  assert.is(mail?.replyTo, null);
  assert.match(mail?.calendar?.text ?? '', /ORGANIZER;CN="[^"]+":/u);
  assert.ok(mail?.calendar?.text.includes(mail.fromAddress));
  await rig.close();
});

test('the demonstration tells nobody', async () => {
  const rig = new OrganisingRig();
  const { reservations } = rig.organising;
  const outcome = reservations.demonstration('Konfa', rig.nowMs);
  assert.is(outcome.outcome, 'booked');

  const reservationId = reservations.list('all', rig.nowMs)[0]?.reservationId ?? '';
  reservations.change(reservationId, { emails: [GUEST] }, rig.nowMs);
  reservations.cancel({ reservationId }, rig.nowMs);
  rig.organising.wake();
  await rig.run(HOUR_MS);

  assert.equal(rig.post.mails, []);
  await rig.close();
});

test.run();
