import ipaddr from 'ipaddr.js';
import { CODECS, codecByName } from '../../mixer/protocol/codec.ts';
import type { CodecName } from '../../mixer/protocol/codec.ts';
import type { LegMedia, MediaAddress, MediaDirection } from '../../mixer/protocol/mixer-command.ts';
import type { DurationMs } from '../../mixer/protocol/units.ts';
import { parseSessionDescription, SdpError } from './session-description.ts';
import type { MediaSection } from './session-description.ts';

/** What we are able and willing to use with this peer. */
export interface MediaCapabilities {
  /** In no order: the offer's order decides. */
  readonly codecs: readonly CodecName[];
  /** Where packets go when the SDP names no literal address: the peer's signalling address. */
  readonly fallbackHost: string;
}

/** The audio section that was agreed on, and what the others were. */
export interface Negotiated {
  readonly outcome: 'agreed';
  readonly media: LegMedia;
  readonly sections: readonly MediaSection[];
  /** Which of `sections` carries the audio. */
  readonly audioIndex: number;
}

/** `malformed` is answered by 400, `no-common-codec` by 488. */
export type Negotiation =
  | Negotiated
  | {
      readonly outcome: 'refused';
      readonly why: 'malformed' | 'no-common-codec';
      readonly reason: string;
    };

/** Static payload types that need no rtpmap, RFC 3551 table 4. */
const STATIC_NAMES = new Map(CODECS.map((codec) => [codec.payloadType, codec.name]));
const COMFORT_NOISE_PAYLOAD_TYPE = 13;
const PTIMES_MS: readonly DurationMs[] = [10, 20, 30, 40];
const DEFAULT_PTIME_MS = 20;

/**
 * Picks from an offer, or reads the answer to ours: the first audio section with a codec both sides have
 * (RFC 3264 §6.1). Payload types are the peer's own.
 */
export function negotiate(text: string, capabilities: MediaCapabilities): Negotiation {
  let sections: readonly MediaSection[];
  try {
    sections = parseSessionDescription(text);
  } catch (error) {
    const reason = error instanceof SdpError ? error.message : 'unreadable session description';
    return { outcome: 'refused', why: 'malformed', reason };
  }
  for (const [audioIndex, section] of sections.entries()) {
    const media = agree(section, capabilities);
    if (media !== undefined) return { outcome: 'agreed', media, sections, audioIndex };
  }
  return { outcome: 'refused', why: 'no-common-codec', reason: 'no codec in common' };
}

function agree(section: MediaSection, capabilities: MediaCapabilities): LegMedia | undefined {
  const usable =
    section.kind === 'audio' && section.port > 0 && /^RTP\/AVPF?$/.test(section.protocol);
  if (!usable) return undefined;
  const common = commonCodecs(section, capabilities.codecs);
  const preferred = common[0];
  if (preferred === undefined) return undefined;
  return {
    codec: preferred.codec,
    payloadTypeOut: preferred.payloadType,
    payloadTypesIn: common,
    telephoneEventPayloadType: telephoneEvent(section),
    comfortNoisePayloadType: section.payloadTypes.includes(COMFORT_NOISE_PAYLOAD_TYPE)
      ? COMFORT_NOISE_PAYLOAD_TYPE
      : null,
    ptimeOutMs: ptimeOut(section),
    remote: { host: literal(section.host) ?? capabilities.fallbackHost, port: section.port },
    remoteRtcp: remoteRtcp(section),
    direction: ourDirection(section),
  };
}

function commonCodecs(
  section: MediaSection,
  codecs: readonly CodecName[],
): { readonly payloadType: number; readonly codec: CodecName }[] {
  const common: { payloadType: number; codec: CodecName }[] = [];
  for (const payloadType of section.payloadTypes) {
    const mapped = section.rtpMaps.find((line) => line.payloadType === payloadType);
    const codec = mapped === undefined ? STATIC_NAMES.get(payloadType) : matchingCodec(mapped);
    if (codec !== undefined && codecs.includes(codec)) common.push({ payloadType, codec });
  }
  return common;
}

function matchingCodec(mapped: {
  readonly encodingName: string;
  readonly clockRateHz: number;
}): CodecName | undefined {
  const codec = codecByName(mapped.encodingName);
  return codec?.clockRateHz === mapped.clockRateHz ? codec.name : undefined;
}

/** Only at 8000 Hz: the event's durations are counted in the audio's clock (RFC 4733 §2.1). */
function telephoneEvent(section: MediaSection): number | null {
  const line = section.rtpMaps.find(
    (map) =>
      map.encodingName.toLowerCase() === 'telephone-event' &&
      map.clockRateHz === 8000 &&
      section.payloadTypes.includes(map.payloadType),
  );
  return line?.payloadType ?? null;
}

/** What was asked for where we can do it, never above maxptime (RFC 8866 §6.4, §6.5). */
function ptimeOut(section: MediaSection): DurationMs {
  const asked = section.ptimeMs ?? DEFAULT_PTIME_MS;
  const limit = section.maxptimeMs ?? Number.POSITIVE_INFINITY;
  const wanted = Math.min(PTIMES_MS.includes(asked) ? asked : DEFAULT_PTIME_MS, limit);
  return PTIMES_MS.findLast((ptimeMs) => ptimeMs <= wanted) ?? 10;
}

/** The peer's direction turned round (RFC 3264 §6.1); `c=0.0.0.0` takes our sending away (§8.4). */
function ourDirection(section: MediaSection): MediaDirection {
  const nowhere = section.host === '0.0.0.0' || section.host === '::';
  const peerReceives =
    !nowhere && (section.direction === 'sendrecv' || section.direction === 'recvonly');
  const peerSends = section.direction === 'sendrecv' || section.direction === 'sendonly';
  if (peerReceives) return peerSends ? 'sendrecv' : 'sendonly';
  return peerSends ? 'recvonly' : 'inactive';
}

function remoteRtcp(section: MediaSection): MediaAddress | null {
  const host = literal(section.rtcp?.host ?? '');
  return section.rtcp === null || host === undefined ? null : { host, port: section.rtcp.port };
}

function literal(host: string): string | undefined {
  return ipaddr.IPv4.isValidFourPartDecimal(host) || ipaddr.IPv6.isValid(host) ? host : undefined;
}
