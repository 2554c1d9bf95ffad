import ipaddr from 'ipaddr.js';
import type {
  HeaderExtensions,
  LegMedia,
  MediaAddress,
  MediaDirection,
} from '../../mixer/protocol/mixer-command.ts';
import { AUDIO_LEVEL, SDES_MID } from './header-extension.ts';
import type { MediaCapabilities } from './media-capabilities.ts';
import type { MediaSection } from './media-section.ts';
import { agreeCodecs } from './section-codecs.ts';
import { judgeSecurity } from './section-security.ts';
import { parseSessionDescription, SdpError } from './session-description.ts';
import type { SessionDescription } from './session-description.ts';

/** The audio section that was agreed on, and what the others were. */
export interface Negotiated {
  readonly outcome: 'agreed';
  readonly media: LegMedia;
  readonly description: SessionDescription;
  /** Which of the sections carries the audio. */
  readonly audioIndex: number;
  /** Tag of the peer's `a=crypto` that was taken, or null. */
  readonly cryptoTag: number | null;
  /** `off`: the section has port 0 on both sides; `media` is what it was, and inactive. */
  readonly audio: 'on' | 'off';
}

/** The peer has switched the audio off: each of its sections has port 0, and nothing else is on. */
export interface SwitchedOff {
  readonly outcome: 'switched-off';
  readonly description: SessionDescription;
  readonly audioIndex: number;
}

/**
 * `malformed` is answered by 400, `no-common-codec` by 488: no codec or no protection in common. `switched-off` can be
 * agreed on within a call only (RFC 3264 §8.2).
 */
export type Negotiation =
  | Negotiated
  | SwitchedOff
  | {
      readonly outcome: 'refused';
      readonly why: 'malformed' | 'no-common-codec';
      readonly reason: string;
    };

type Agreed =
  | { readonly outcome: 'agreed'; readonly media: LegMedia; readonly cryptoTag: number | null }
  | { readonly outcome: 'unusable'; readonly reason: string };

/**
 * Picks from an offer, or reads the answer to ours: the first audio section with a codec and a protection both sides
 * have (RFC 3264 §6.1), a protected one before a plain one. Payload types are the peer's own.
 */
export function negotiate(text: string, capabilities: MediaCapabilities): Negotiation {
  let description: SessionDescription;
  try {
    description = parseSessionDescription(text);
  } catch (error) {
    const reason = error instanceof SdpError ? error.message : 'unreadable session description';
    return { outcome: 'refused', why: 'malformed', reason };
  }
  if (capabilities.kind === 'browser' && description.ice === 'lite') {
    return refused('both sides would be ICE-lite');
  }
  let plain: Negotiated | null = null;
  let reason = 'no audio section';
  for (const [audioIndex, section] of description.sections.entries()) {
    if (!isAudio(section, description)) continue;
    const agreed = agree(section, capabilities);
    if (agreed.outcome === 'unusable') {
      ({ reason } = agreed);
      continue;
    }
    const negotiated: Negotiated = { ...agreed, description, audioIndex, audio: 'on' };
    if (agreed.media.security !== undefined) return negotiated;
    plain ??= negotiated;
  }
  return plain ?? switchedOff(description) ?? refused(reason);
}

/**
 * Null where some section is on that we cannot use. A gateway that offers T.38 in the place of the audio is refused as a
 * whole: it then goes on with the audio.
 */
function switchedOff(description: SessionDescription): SwitchedOff | null {
  const audioIndex = description.sections.findIndex(({ kind }) => kind === 'audio');
  const isOff = description.sections.every(({ port, bundle }) => port === 0 && bundle !== 'only');
  return audioIndex === -1 || !isOff ? null : { outcome: 'switched-off', description, audioIndex };
}

function refused(reason: string): Negotiation {
  return { outcome: 'refused', why: 'no-common-codec', reason };
}

/** A section with port 0 is switched off, unless it lives in a bundle only (RFC 9143 §6). */
function isAudio(section: MediaSection, description: SessionDescription): boolean {
  const { mid } = section;
  const isBundled = mid !== null && description.bundles.some((mids) => mids.includes(mid));
  const isOn = section.port > 0 || (section.bundle === 'only' && isBundled);
  return section.kind === 'audio' && isOn;
}

function agree(section: MediaSection, capabilities: MediaCapabilities): Agreed {
  const judged = judgeSecurity(section, capabilities);
  if (judged.outcome === 'unusable') return judged;
  const codecs = agreeCodecs(section, capabilities);
  if (codecs === undefined) return { outcome: 'unusable', reason: 'no codec in common' };
  const ice =
    capabilities.kind === 'browser' && section.ice !== null
      ? capabilities.credentialsFor(section.ice)
      : null;
  const isMuxed = ice !== null || (judged.outcome === 'dtls' && section.rtcpMux === 'offered');
  const host = reachable(section.host) ?? capabilities.fallbackHost;
  const media: LegMedia = {
    ...codecs,
    remote: { host, port: section.port },
    remoteRtcp: isMuxed ? null : remoteRtcp(section, host),
    direction: ourDirection(section, ice === null ? 'by-address' : 'by-ice'),
    ...(isMuxed ? { rtcp: 'mux' } : {}),
    ...(judged.outcome === 'plain' ? {} : { security: judged.security }),
    ...(ice === null ? {} : { ice, extensions: extensionsOf(section) }),
  };
  return { outcome: 'agreed', media, cryptoTag: judged.outcome === 'sdes' ? judged.tag : null };
}

function extensionsOf(section: MediaSection): HeaderExtensions {
  return {
    audioLevelId: extensionId(section, AUDIO_LEVEL),
    midId: section.mid === null ? null : extensionId(section, SDES_MID),
    mid: section.mid ?? '',
  };
}

/** Only ids that the one-byte form has room for (RFC 8285 §4.2). */
function extensionId(section: MediaSection, uri: string): number | null {
  const found = section.extensions.find((each) => each.uri === uri);
  return found !== undefined && found.id >= 1 && found.id <= 14 ? found.id : null;
}

/**
 * The peer's direction turned round (RFC 3264 §6.1); `c=0.0.0.0` takes our sending away (§8.4), except with ICE, where it
 * says that candidates are still to come (RFC 8840 §4.1.1).
 */
function ourDirection(section: MediaSection, reached: 'by-address' | 'by-ice'): MediaDirection {
  const nowhere = reached === 'by-address' && isNowhere(section.host);
  const peerReceives =
    !nowhere && (section.direction === 'sendrecv' || section.direction === 'recvonly');
  const peerSends = section.direction === 'sendrecv' || section.direction === 'sendonly';
  if (peerReceives) return peerSends ? 'sendrecv' : 'sendonly';
  return peerSends ? 'recvonly' : 'inactive';
}

/** A name that is the same as that of the audio stands for the same address. */
function remoteRtcp(section: MediaSection, audioHost: string): MediaAddress | null {
  if (section.rtcp === null) return null;
  const { host: name, port } = section.rtcp;
  const host = reachable(name) ?? (name === section.host ? audioHost : undefined);
  return host === undefined ? null : { host, port };
}

/** The address of a hold before RFC 3264 (RFC 2543 §B.5). Packets that were sent there would come to ourselves. */
export function isNowhere(host: string): boolean {
  return ipaddr.isValid(host) && ipaddr.process(host).range() === 'unspecified';
}

function reachable(host: string): string | undefined {
  if (isNowhere(host)) return undefined;
  return ipaddr.IPv4.isValidFourPartDecimal(host) || ipaddr.IPv6.isValid(host) ? host : undefined;
}
