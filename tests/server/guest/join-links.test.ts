import { test } from 'uvu';
import * as assert from 'uvu/assert';

import type { JoinLinkStore, StoredJoinLink } from '../../../server/guest/join-link-store.ts';
import { createJoinLinks } from '../../../server/guest/join-links.ts';
import type { JoinLinks, LinkWish } from '../../../server/guest/join-links.ts';
import { sampleReservation, seededRandom } from '../reservation/sample-reservations.ts';

const NOW = 1_000_000;
const ROOM: LinkWish = { reservationId: 'r1', role: 'participant', person: null };
const MODERATOR: LinkWish = { ...ROOM, role: 'moderator' };
const ANNA: LinkWish = { ...ROOM, person: 'anna@example.com' };

function memoryLinks(): JoinLinkStore & { readonly rows: Map<string, StoredJoinLink> } {
  const rows = new Map<string, StoredJoinLink>();
  return {
    rows,
    transaction: (work) => work(),
    insert: (link) => void rows.set(link.linkId, link),
    byTokenHash: (hash) => [...rows.values()].find((row) => row.tokenHash === hash) ?? null,
    byId: (linkId) => rows.get(linkId) ?? null,
    ofReservation: (id) => [...rows.values()].filter((row) => row.reservationId === id),
    revoke(linkId, atMs) {
      const row = rows.get(linkId);
      if (row !== undefined) rows.set(linkId, { ...row, revokedAtMs: row.revokedAtMs ?? atMs });
    },
  };
}

function service(store = memoryLinks(), keyByte = 7): JoinLinks {
  return createJoinLinks({
    store,
    key: new Uint8Array(32).fill(keyByte),
    random: seededRandom(keyByte),
    clock: { wallclockMs: () => NOW },
    publicUrl: 'https://konfa.example',
  });
}

function tokenOf(url: string | null): string {
  assert.match(url ?? '', /^https:\/\/konfa\.example\/j\/[\w-]{22}$/);
  return (url ?? '').slice(-22);
}

test('a link is made once, and written alike whenever it is asked for', () => {
  const store = memoryLinks();
  const url = service(store).urlFor(ROOM);

  assert.is(service(store).urlFor(ROOM), url);
  assert.is(store.rows.size, 1);
  const found = service(store).find(tokenOf(url));
  assert.is(found?.reservationId, 'r1');
  assert.is(found?.role, 'participant');
  assert.not.ok('tokenHash' in (found ?? {}));
});

test('room, moderators and persons have links of their own', () => {
  const links = service();
  const urls = [ROOM, MODERATOR, ANNA, { ...ANNA, person: 'jan@example.com' }].map((wish) =>
    links.urlFor(wish),
  );

  assert.is(new Set(urls).size, 4);
  assert.is(links.find(tokenOf(urls[1] ?? null))?.role, 'moderator');
  assert.is(links.find(tokenOf(urls[2] ?? null))?.person, 'anna@example.com');
});

test('opens nothing for what is no token', () => {
  const links = service();
  const token = tokenOf(links.urlFor(ROOM));

  for (const wrong of ['', 'x', token.slice(1), `${token}a`, token.toLowerCase(), `${token} `]) {
    assert.is(links.find(wrong), null, wrong);
  }
});

test('a new link revokes those of its kind, and of no other', () => {
  const links = service();
  const [room, moderator, anna] = [ROOM, MODERATOR, ANNA].map((wish) => links.urlFor(wish));

  const made = links.renew(ROOM, NOW + 5);

  assert.is.not(made.url, room);
  assert.is(links.urlFor(ROOM), made.url);
  assert.is(links.find(tokenOf(room ?? null))?.revokedAtMs, NOW + 5);
  assert.is(links.find(tokenOf(moderator ?? null))?.revokedAtMs, null);
  assert.is(links.find(tokenOf(anna ?? null))?.revokedAtMs, null);
});

test('one that was revoked is not made again unasked: the page for number and PIN takes its place', () => {
  const links = service();
  links.urlFor(ANNA);
  const linkId = links.list('r1')[0]?.linkId ?? '';

  assert.ok(links.revoke('r1', linkId, NOW));

  assert.not.ok(links.stands(linkId));
  assert.is(links.urlFor(ANNA), 'https://konfa.example/join');
  assert.is(links.list('r1').length, 1);
  assert.is(links.list('r1')[0]?.url, null);
  assert.match(links.renew(ANNA, NOW).url ?? '', /\/j\//);
});

test('revokes only what is of the reservation', () => {
  const links = service();
  links.urlFor(ROOM);
  const linkId = links.list('r1')[0]?.linkId ?? '';

  assert.not.ok(links.revoke('r2', linkId, NOW));
  assert.not.ok(links.revoke('r1', 'nothing', NOW));
  assert.not.ok(links.stands('nothing'));
  assert.ok(links.stands(linkId));
  assert.is(links.one('r2', linkId), null);
  assert.is(links.list('r1')[0]?.revokedAtMs, null);
});

test('revokes all at once', () => {
  const links = service();
  for (const wish of [ROOM, MODERATOR, ANNA]) links.urlFor(wish);

  links.revokeAll('r1', NOW + 9);

  assert.equal(
    links.list('r1').map(({ revokedAtMs, url }) => [revokedAtMs, url]),
    [
      [NOW + 9, null],
      [NOW + 9, null],
      [NOW + 9, null],
    ],
  );
});

test('with another key links go on to work, and new ones are written beside them', () => {
  const store = memoryLinks();
  const before = service(store, 7).urlFor(ROOM);
  const links = service(store, 8);

  const url = links.list('r1')[0]?.url;
  const now = links.urlFor(ROOM);

  assert.is(url, null);
  assert.is.not(now, before);
  assert.is(links.find(tokenOf(before))?.revokedAtMs, null);
  assert.is(links.find(tokenOf(now))?.reservationId, 'r1');
  assert.is(links.urlFor(ROOM), now);
});

test('a booking makes links; a change makes those of whom it adds and revokes those of whom it takes off', () => {
  const links = service();
  const booked = sampleReservation({ emails: ['anna@example.com', 'jan@example.com'] });
  links.recorder.record({ type: 'booked', reservation: booked }, NOW);
  const of = (person: string): readonly (number | null)[] =>
    links
      .list('r1')
      .filter((link) => link.person === person)
      .map(({ revokedAtMs }) => revokedAtMs);
  assert.is(links.list('r1').length, 4);
  const changed = { ...booked, emails: ['jan@example.com', 'ewa@example.com'] };

  const event = { type: 'changed', smsAgain: 'none' } as const;
  links.recorder.record({ ...event, reservation: changed, before: booked }, NOW + 1);

  assert.equal(of('anna@example.com'), [NOW + 1]);
  assert.equal(of('jan@example.com'), [null]);
  assert.equal(of('ewa@example.com'), [null]);
  links.recorder.record({ ...event, reservation: booked, before: changed }, NOW + 2);
  assert.equal(of('anna@example.com'), [NOW + 1, null]);
});

test('a deletion leaves links, which tell of it', () => {
  const links = service();
  const reservation = sampleReservation();
  links.recorder.record({ type: 'booked', reservation }, NOW);

  links.recorder.record({ type: 'cancelled', reservation }, NOW);

  assert.ok(links.list('r1').every(({ revokedAtMs }) => revokedAtMs === null));
});

test.run();
