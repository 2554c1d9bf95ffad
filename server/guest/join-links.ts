import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { ReservationEvent, ReservationRecorder } from '../reservation/reservation-recorder.ts';
import type { Role } from '../reservation/reservation.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import type { JoinLinkStore, StoredJoinLink } from './join-link-store.ts';
import type { JoinLink } from './seat.ts';

/** A link with the address that it is opened at; null: it cannot be written any more, as of old ones that still work. */
export interface ShownJoinLink extends JoinLink {
  readonly url: string | null;
}

/** Whom a new link is for: the room with this role, or one invited person. */
export interface LinkWish {
  readonly reservationId: string;
  readonly role: Role;
  /** Null: the room's own. Persons are participants. */
  readonly person: string | null;
}

/** What links are made with. */
export interface JoinLinksOptions {
  readonly store: JoinLinkStore;
  /** Key of the installation, 32 bytes or more (`link-key.ts`). */
  readonly key: Uint8Array;
  readonly random: Random;
  readonly clock: Pick<Clock, 'wallclockMs'>;
  /** What links begin with, without a slash at the end. */
  readonly publicUrl: string;
}

/**
 * Links into rooms: for each room one for participants and one for moderators, and one for each person invited by
 * e-mail. Their tokens are made of the key of the installation, so that they can be written again at any time, and of
 * each only a hash is kept, so that who reads the database cannot use them. Methods throw the store's `CodedError`.
 */
export interface JoinLinks {
  /** The link that this token opens, also one that was revoked; null: there is none. */
  find(token: string): JoinLink | null;
  /** Whether the link of this id opens anything still. */
  stands(linkId: string): boolean;
  /**
   * Where a link is opened; it is made when there was never one. When all of its kind were revoked it is the page that
   * asks for number and PIN.
   */
  urlFor(wish: LinkWish): string;
  /** All of a reservation, revoked ones too, in the order they were made in. */
  list(reservationId: string): readonly ShownJoinLink[];
  /** One of a reservation; null: it has none of this id. */
  one(reservationId: string, linkId: string): ShownJoinLink | null;
  /** Makes a new one and revokes those of its kind before it. */
  renew(wish: LinkWish, nowMs: WallclockMs): ShownJoinLink;
  /** Revokes one. False: the reservation has none of this id. */
  revoke(reservationId: string, linkId: string, nowMs: WallclockMs): boolean;
  /** Revokes all of a reservation. */
  revokeAll(reservationId: string, nowMs: WallclockMs): void;
  /** Makes links of what is booked and of whom is added, revokes those of whom is taken off. */
  readonly recorder: ReservationRecorder;
}

/** 132 bits in base64url, too many to guess. */
const TOKEN_CHARACTERS = 22;

/** What a token may look like: ours, or the 32 hexadecimal digits of those made before. */
const TOKEN = /^[\w-]{22,64}$/u;

/** Makes the service. */
export function createJoinLinks(options: JoinLinksOptions): JoinLinks {
  const { store, key, random, clock, publicUrl } = options;

  function tokenOf(linkId: string): string {
    const mac = createHmac('sha256', key).update(`join-link:${linkId}`).digest('base64url');
    return mac.slice(0, TOKEN_CHARACTERS);
  }

  /** Null: its token was not made of this key. */
  function urlOf(link: StoredJoinLink): string | null {
    const token = tokenOf(link.linkId);
    return isSame(tokenHash(token), link.tokenHash) ? `${publicUrl}/j/${token}` : null;
  }

  function make(wish: LinkWish, nowMs: WallclockMs): StoredJoinLink {
    const { reservationId, role, person } = wish;
    const linkId = random.hex(16);
    const link: StoredJoinLink = {
      linkId,
      reservationId,
      role,
      person,
      tokenHash: tokenHash(tokenOf(linkId)),
      createdAtMs: Math.floor(nowMs),
      revokedAtMs: null,
    };
    store.insert(link);
    return link;
  }

  function ofKind(wish: LinkWish): readonly StoredJoinLink[] {
    return store
      .ofReservation(wish.reservationId)
      .filter(({ role, person }) => role === wish.role && person === wish.person);
  }

  /** The newest that can be written. */
  function writable(links: readonly StoredJoinLink[]): string | null {
    return (
      links
        .filter(({ revokedAtMs }) => revokedAtMs === null)
        .map(urlOf)
        .findLast((url) => url !== null) ?? null
    );
  }

  /** Makes one, unless all of its kind were revoked. */
  function makeMissing(wish: LinkWish): string | null {
    const there = ofKind(wish);
    const found = writable(there);
    if (found !== null) return found;
    // One that only works, of an older version or another key, is joined by one that can be told.
    const isWanted = there.length === 0 || there.some(({ revokedAtMs }) => revokedAtMs === null);
    return isWanted ? urlOf(make(wish, clock.wallclockMs())) : null;
  }

  function revokeKind(wish: LinkWish, nowMs: WallclockMs): void {
    for (const { linkId } of ofKind(wish)) store.revoke(linkId, Math.floor(nowMs));
  }

  function record(event: ReservationEvent, nowMs: WallclockMs): readonly [] {
    const { reservationId, emails } = event.reservation;
    const ofRoom = (role: Role): LinkWish => ({ reservationId, role, person: null });
    const of = (person: string): LinkWish => ({ reservationId, role: 'participant', person });
    const before = event.type === 'changed' ? event.before.emails : [];
    if (event.type === 'booked') {
      make(ofRoom('participant'), nowMs);
      make(ofRoom('moderator'), nowMs);
    }
    if (event.type === 'booked' || event.type === 'changed') {
      const added = emails.filter((person) => !before.includes(person));
      const removed = before.filter((person) => !emails.includes(person));
      for (const person of added) make(of(person), nowMs);
      for (const person of removed) revokeKind(of(person), nowMs);
    }
    return [];
  }

  function view(link: StoredJoinLink): ShownJoinLink {
    return { ...withoutHash(link), url: link.revokedAtMs === null ? urlOf(link) : null };
  }

  function one(reservationId: string, linkId: string): ShownJoinLink | null {
    const found = store.byId(linkId);
    return found?.reservationId === reservationId ? view(found) : null;
  }

  return {
    find(token) {
      if (!TOKEN.test(token)) return null;
      const hash = tokenHash(token);
      const found = store.byTokenHash(hash);
      return found !== null && isSame(found.tokenHash, hash) ? withoutHash(found) : null;
    },
    stands: (linkId) => store.byId(linkId)?.revokedAtMs === null,
    urlFor(wish) {
      const url = writable(ofKind(wish)) ?? store.transaction(() => makeMissing(wish));
      return url ?? `${publicUrl}/join`;
    },
    list: (reservationId) => store.ofReservation(reservationId).map(view),
    one,
    renew: (wish, nowMs) =>
      store.transaction(() => {
        revokeKind(wish, nowMs);
        return view(make(wish, nowMs));
      }),
    revoke: (reservationId, linkId, nowMs) =>
      store.transaction(() => {
        if (one(reservationId, linkId) === null) return false;
        store.revoke(linkId, Math.floor(nowMs));
        return true;
      }),
    revokeAll: (reservationId, nowMs) =>
      store.transaction(() => {
        for (const { linkId } of store.ofReservation(reservationId)) {
          store.revoke(linkId, Math.floor(nowMs));
        }
      }),
    recorder: { record: (event, nowMs) => record(event, nowMs) },
  };
}

function withoutHash(link: StoredJoinLink): JoinLink {
  const { linkId, reservationId, role, person, createdAtMs, revokedAtMs } = link;
  return { linkId, reservationId, role, person, createdAtMs, revokedAtMs };
}

/** SHA-256 of a token, in hexadecimal digits: what is kept of it. */
function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** In a time that does not depend on where they differ. */
function isSame(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
