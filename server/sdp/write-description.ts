import ipaddr from 'ipaddr.js';
import sdpTransform from 'sdp-transform';
import type { IceCredentials } from '../../mixer/protocol/media-security.ts';
import type { LegMedia } from '../../mixer/protocol/mixer-command.ts';
import { writeAudioSection } from './audio-section.ts';
import type { AudioPlace, AudioSection } from './audio-section.ts';
import type { CryptoAttribute } from './crypto-attribute.ts';
import type { MediaCapabilities } from './media-capabilities.ts';
import type { MediaSection } from './media-section.ts';
import type { Negotiated } from './negotiate.ts';
import { offeredAgain, offeredAudio } from './own-offer.ts';

/** What names a session in `o=`, RFC 8866 §5.2: the id stays, the version grows with every change. And where we are. */
export interface SessionOrigin extends AudioPlace {
  readonly sessionId: string;
  readonly sessionVersion: number;
}

type SessionAttributes = Pick<sdpTransform.SessionDescription, 'icelite' | 'groups'>;

/** Writes the answer: one section for each of the offer's, all but the agreed one refused with port 0 (RFC 3264 §6). */
export function writeAnswer(negotiated: Negotiated, origin: SessionOrigin): string {
  return writeWithin(
    negotiated,
    negotiated.audio === 'off' ? null : agreedAudio(negotiated),
    origin,
  );
}

/**
 * Writes an offer of our own: to an INVITE or re-INVITE that came without one. Within a call it has the sections that
 * were agreed on, in their order (RFC 3264 §8).
 */
export function writeOffer(
  capabilities: MediaCapabilities,
  known: { readonly agreed: Negotiated | null; readonly ice: IceCredentials },
  origin: SessionOrigin,
): string {
  const { agreed, ice } = known;
  if (agreed !== null) {
    return writeWithin(agreed, offeredAgain(agreedAudio(agreed), capabilities.codecs), origin);
  }
  const audio = offeredAudio(capabilities, ice);
  const attributes = iceAttributes(audio, audio.mid);
  return writeSession([writeAudioSection(audio, origin)], origin, attributes);
}

/** `audio` — null where none is on. */
function writeWithin(
  negotiated: Negotiated,
  audio: AudioSection | null,
  origin: SessionOrigin,
): string {
  const { sections, bundles } = negotiated.description;
  if (audio === null) return writeSession(sections.map(refusedSection), origin, {});
  const written = sections.map((section, index) =>
    index === negotiated.audioIndex ? writeAudioSection(audio, origin) : refusedSection(section),
  );
  const { mid } = audio;
  const isBundled = mid !== null && bundles.some((mids) => mids.includes(mid));
  return writeSession(written, origin, iceAttributes(audio, isBundled ? mid : null));
}

/** What was agreed on, with the offer's numbers. */
function agreedAudio(negotiated: Negotiated): AudioSection {
  const { media, description, audioIndex } = negotiated;
  const section = description.sections[audioIndex];
  const events = media.telephoneEventPayloadType;
  const extensionIds = [media.extensions?.audioLevelId, media.extensions?.midId];
  return {
    protocol: section?.protocol ?? 'RTP/AVP',
    mid: section?.mid ?? null,
    payloadTypes: media.payloadTypesIn,
    comfortNoise: media.comfortNoisePayloadType,
    events:
      events === null
        ? []
        : [{ payloadType: events, clockRateHz: media.telephoneEventClockHz ?? 8000 }],
    ptimeMs: media.ptimeOutMs,
    direction: media.direction,
    rtcp: media.rtcp ?? 'own-port',
    cryptos: agreedCryptos(media, negotiated.cryptoTag),
    dtls: media.security?.kind === 'dtls' ? 'passive' : 'none',
    ice: media.ice ?? null,
    extensions: section?.extensions.filter(({ id }) => extensionIds.includes(id)) ?? [],
  };
}

/** Our key under the tag of the offer's line (RFC 4568 §5.1.2). */
function agreedCryptos(media: LegMedia, tag: number | null): readonly CryptoAttribute[] {
  const { security } = media;
  if (tag === null || security?.kind !== 'sdes') return [];
  return [{ tag, keying: security.outbound }];
}

/** Port 0 and the formats repeated: there must be at least one (RFC 3264 §6). It is in no bundle any more. */
function refusedSection(section: MediaSection): sdpTransform.MediaDescription {
  return {
    type: section.kind,
    port: 0,
    protocol: section.protocol,
    payloads: section.formats === '' ? '0' : section.formats,
    rtp: [],
    fmtp: [],
    ...(section.mid === null ? {} : { mid: section.mid }),
  };
}

/** ICE-lite (RFC 8839 §5.3), and of a bundle the one section that is taken (RFC 9143 §7.3). */
function iceAttributes(audio: AudioSection, bundledMid: string | null): SessionAttributes {
  if (audio.ice === null) return {};
  const groups = bundledMid === null ? {} : { groups: [{ type: 'BUNDLE', mids: bundledMid }] };
  return { icelite: 'ice-lite', ...groups };
}

/**
 * Telephones of one make agree on the same again and again: what the library has written for them is kept, with holes for
 * what differs from call to call. Where keys or credentials are in it, no two are the same.
 */
function writeSession(
  media: sdpTransform.MediaDescription[],
  origin: SessionOrigin,
  attributes: SessionAttributes,
): string {
  const [audio] = media;
  const isPlain = media.length === 1 && audio?.type === 'audio' && audio.crypto?.length === 0;
  if (!isPlain || 'icelite' in attributes || audio.port === 0) {
    return writeWhole(media, origin, attributes);
  }
  const shape = { ...audio, port: HOLE };
  const key = `${origin.host} ${JSON.stringify(shape)}`;
  const text = known.get(key) ?? remember(key, writeWhole([shape], holesFor(origin), attributes));
  const { sessionId, sessionVersion } = origin;
  return text
    .replace(ORIGIN_HOLES, `o=- ${sessionId} ${sessionVersion} `)
    .replace(PORT_HOLE, `m=audio ${audio.port} `);
}

const HOLE = 1;
const ORIGIN_HOLES = `o=- ${HOLE} ${HOLE} `;
const PORT_HOLE = `m=audio ${HOLE} `;
/** Most texts that are kept; the table is emptied when it is full. */
const MOST_KNOWN = 256;
const known = new Map<string, string>();

function holesFor(origin: SessionOrigin): SessionOrigin {
  return { ...origin, sessionId: String(HOLE), sessionVersion: HOLE };
}

function remember(key: string, text: string): string {
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, text);
  return text;
}

function writeWhole(
  media: sdpTransform.MediaDescription[],
  origin: SessionOrigin,
  attributes: SessionAttributes,
): string {
  const ipVer = ipaddr.IPv6.isValid(origin.host) ? 6 : 4;
  return sdpTransform.write({
    version: 0,
    origin: {
      username: '-',
      sessionId: origin.sessionId,
      sessionVersion: origin.sessionVersion,
      netType: 'IN',
      ipVer,
      address: origin.host,
    },
    name: 'Konfa',
    connection: { version: ipVer, ip: origin.host },
    timing: { start: 0, stop: 0 },
    ...attributes,
    media,
  });
}
