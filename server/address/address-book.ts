import type { Config } from '../config/config.ts';
import { familyOf, literalAddress } from '../runtime/literal-address.ts';
import type { AddressFamily } from '../runtime/literal-address.ts';
import { isInRange, networkRange } from '../runtime/network-range.ts';
import { reachOf } from './reach.ts';

/** What we look like from outside, as far as somebody outside has told us. */
export interface PublicAddress {
  /** Our address of this family as STUN servers see it; null: nobody said. */
  seenAs(family: AddressFamily): string | null;
}

/** Which of our addresses a peer is told. All are literal. `localHost`: the one of our own that the peer reaches. */
export interface AddressBook {
  /** For Via and Contact. */
  sipHostFor(peerHost: string, localHost: string): string;
  /** For `c=` and candidates. */
  mediaHostFor(peerHost: string, localHost: string): string;
}

/** Where the book's answers come from. */
export interface AddressBookParts {
  readonly config: {
    readonly sip: Pick<Config['sip'], 'externalAddress'>;
    readonly media: Pick<Config['media'], 'externalAddress'>;
  };
  /** Null: nobody is asked. */
  readonly stun: PublicAddress | null;
}

type ExternalAddress = Config['sip']['externalAddress'];
type Wanted = 'auto' | 'local' | 'stun' | { readonly literal: string };

/**
 * Puts the settings into a book. A peer on this machine is told the address it came to, whatever the settings say; of a
 * list of networks the longest match decides, and our own address where none does. An address of another family than the
 * one the peer reaches us by would be of no use to it: it is told our own then.
 */
export function createAddressBook({ config, stun }: AddressBookParts): AddressBook {
  const sip = chooser(config.sip.externalAddress);
  const isMediaLikeSip = config.media.externalAddress === 'auto';
  const media = isMediaLikeSip ? sip : chooser(config.media.externalAddress);
  const tell = (wanted: Wanted, peerHost: string, localHost: string): string => {
    if (reachOf(peerHost) === 'this-machine') return localHost;
    return fitting(external(wanted, { peerHost, localHost }, stun), localHost);
  };
  return {
    sipHostFor: (peerHost, localHost) => tell(sip(peerHost), peerHost, localHost),
    mediaHostFor: (peerHost, localHost) => tell(media(peerHost), peerHost, localHost),
  };
}

function external(
  wanted: Wanted,
  { peerHost, localHost }: { readonly peerHost: string; readonly localHost: string },
  stun: PublicAddress | null,
): string | null {
  if (wanted === 'local') return null;
  if (typeof wanted === 'object') return wanted.literal;
  const isHidden = reachOf(localHost) === 'private';
  const isOutside = reachOf(peerHost) === 'public' || reachOf(peerHost) === 'unknown';
  if (wanted === 'auto' && !(isHidden && isOutside)) return null;
  const family = familyOf(localHost);
  return stun === null || family === 'none' ? null : stun.seenAs(family);
}

/** An empty `localHost` asks for whatever there is. */
function fitting(found: string | null, localHost: string): string {
  if (found === null) return localHost;
  return localHost === '' || familyOf(found) === familyOf(localHost) ? found : localHost;
}

function chooser(setting: ExternalAddress): (peerHost: string) => Wanted {
  if (typeof setting === 'string') {
    const wanted: Wanted = setting === 'auto' ? 'auto' : { literal: setting };
    return () => wanted;
  }
  const rows = setting
    .map(({ network, address }) => ({ range: networkRange(network), wanted: wantedOf(address) }))
    .sort((one, other) => other.range[1] - one.range[1]);
  return (peerHost) => {
    const peer = literalAddress(peerHost);
    if (peer === null) return 'local';
    const row = rows.find(({ range }) => isInRange(range, peer));
    return row?.wanted ?? 'local';
  };
}

function wantedOf(address: string): Wanted {
  return address === 'local' || address === 'stun' ? address : { literal: address };
}
