import type { LocalCandidate } from '../../mixer/protocol/media-security.ts';
import type { AddressBook } from '../address/address-book.ts';
import { reachOf } from '../address/reach.ts';

/** Stands for a guest of whom nothing is known: told what anybody out there is told. */
const ANYBODY = '';

/**
 * The candidates that a guest is told: each address of ours as the book has it for them. Loopback is told only to a guest
 * on this machine. One who seems to be there may have come through a web server that does not say from where: such a guest
 * is told both.
 */
export function advertisedCandidates(
  candidates: readonly LocalCandidate[],
  book: AddressBook,
  guestHost: string,
): readonly LocalCandidate[] {
  const isHere = isLoopback(guestHost);
  const guests = isHere ? [guestHost, ANYBODY] : [guestHost];
  const told = guests.flatMap((guest) =>
    candidates
      .filter(({ host }) => !isLoopback(host) || isHere)
      .map((candidate) => ({ ...candidate, host: toldFor(candidate.host, book, guest) })),
  );
  return [...new Map(told.map((candidate) => [keyOf(candidate), candidate])).values()];
}

function toldFor(host: string, book: AddressBook, guest: string): string {
  return isLoopback(host) ? host : book.mediaHostFor(guest, host);
}

function isLoopback(host: string): boolean {
  return reachOf(host) === 'this-machine';
}

function keyOf({ transport, host, port }: LocalCandidate): string {
  return `${transport} ${host} ${port}`;
}
