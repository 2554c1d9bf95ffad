import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { JoinLink } from './seat.ts';

/** A link with what is kept of its token: the SHA-256 in hexadecimal digits. */
export interface StoredJoinLink extends JoinLink {
  readonly tokenHash: string;
}

/**
 * Where links are kept; they go when their reservation goes. Methods throw a `CodedError` when the store fails. `person`
 * is compared as it is written.
 */
export interface JoinLinkStore {
  /** Every store of the same database takes part in it. */
  transaction<T>(work: () => T): T;
  insert(link: StoredJoinLink): void;
  byTokenHash(tokenHash: string): StoredJoinLink | null;
  byId(linkId: string): StoredJoinLink | null;
  /** All of a reservation, revoked ones too, in the order they were made in. */
  ofReservation(reservationId: string): readonly StoredJoinLink[];
  /** One that is revoked already keeps its time. */
  revoke(linkId: string, atMs: WallclockMs): void;
}
