import type { Config, TrunkSettings } from '../config/config.ts';
import { hostPortOf } from '../runtime/host-port.ts';
import type { AddressBook } from './address-book.ts';
import { reachOf } from './reach.ts';

/** What every trunk will be told, in words for the log and the command line. */
export interface AdvertisedAddresses {
  readonly lines: readonly string[];
  /** Peers that would be told what they cannot reach. */
  readonly warnings: readonly string[];
}

/** What the check looks at. */
export interface AdvertisedAddressesParts {
  readonly trunks: Config['trunks'];
  /** The address of ours that a peer reaches. */
  readonly localHostFor: (peerHost: string) => string;
  readonly book: AddressBook;
  /** Addresses that names of hosts stand for, by trunk, as far as they were looked up. */
  readonly learned?: ReadonlyMap<string, readonly string[]>;
}

/** One sort of peers of a trunk: all those that are told the same. */
interface Told {
  /** The first of them, as it is written in the log. */
  readonly peer: string;
  readonly isOutside: 'yes' | 'no';
  peers: number;
  readonly sip: string;
  readonly media: string;
}

/** A peer whose name was not looked up is taken for one out there: this address is nobody's (RFC 5737). */
const SOMEBODY_OUTSIDE = '203.0.113.1';

/** Tells which addresses each trunk will be told, and where one of them is no good. Pure: nothing is looked up or sent. */
export function advertisedAddresses(parts: AdvertisedAddressesParts): AdvertisedAddresses {
  const lines: string[] = [];
  const warnings: string[] = [];
  for (const trunk of parts.trunks) {
    for (const told of toldTo(trunk, parts)) {
      lines.push(lineOf(trunk, told));
      warnings.push(...warningsOf(trunk, told));
    }
  }
  return { lines, warnings };
}

function toldTo(trunk: TrunkSettings, parts: AdvertisedAddressesParts): readonly Told[] {
  const { localHostFor, book, learned } = parts;
  const told = new Map<string, Told>();
  for (const { peer, host } of peersOf(trunk, learned?.get(trunk.name) ?? [])) {
    const localHost = localHostFor(host);
    const sip = book.sipHostFor(host, localHost);
    const media = book.mediaHostFor(host, localHost);
    const isOutside = reachOf(host) === 'public' ? 'yes' : 'no';
    const key = `${sip} ${media} ${isOutside}`;
    const known = told.get(key);
    if (known === undefined) told.set(key, { peer, isOutside, peers: 1, sip, media });
    else known.peers += 1;
  }
  return [...told.values()];
}

/** Literal addresses as they stand; of a network its first; a name as somebody outside, unless it was looked up. */
function peersOf(
  trunk: TrunkSettings,
  learned: readonly string[],
): readonly { readonly peer: string; readonly host: string }[] {
  const written = [...trunk.allowFrom, ...trunk.hosts, trunk.register?.server ?? ''];
  const names: string[] = [];
  const hosts: { peer: string; host: string }[] = [];
  for (const text of written.filter((each) => each !== '')) {
    const host = hostOf(text);
    if (reachOf(host) === 'unknown') names.push(host);
    else hosts.push({ peer: text, host });
  }
  for (const host of learned) hosts.push({ peer: host, host });
  if (learned.length > 0) return hosts;
  return [...hosts, ...names.map((peer) => ({ peer, host: SOMEBODY_OUTSIDE }))];
}

/** Also of `network/bits`. A network of everybody is somebody outside. */
function hostOf(text: string): string {
  const { host } = hostPortOf(text.split('/')[0] ?? '');
  return host === '0.0.0.0' || host === '::' ? SOMEBODY_OUTSIDE : host;
}

function lineOf({ name }: TrunkSettings, { peer, peers, sip, media }: Told): string {
  const others = peers === 1 ? '' : ` and ${peers - 1} more`;
  return `trunk ${JSON.stringify(name)}: ${peer}${others}: SIP ${sip}, audio ${media}`;
}

function warningsOf({ name }: TrunkSettings, told: Told): readonly string[] {
  if (told.isOutside === 'no') return [];
  const warn = (what: string, host: string, setting: string): readonly string[] =>
    reachOf(host) === 'public'
      ? []
      : [
          `trunk ${JSON.stringify(name)}: ${told.peer} would be told to send ${what} to ${host}, which it cannot reach; set ${setting}`,
        ];
  return [
    ...warn('SIP', told.sip, 'sip.externalAddress'),
    ...warn('audio', told.media, 'media.externalAddress'),
  ];
}
