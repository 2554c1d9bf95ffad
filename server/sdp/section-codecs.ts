import { CODECS, codecByName } from '../../mixer/protocol/codec.ts';
import type { CodecName } from '../../mixer/protocol/codec.ts';
import type { LegMedia } from '../../mixer/protocol/mixer-command.ts';
import type { DurationMs, Hz } from '../../mixer/protocol/units.ts';
import type { MediaCapabilities } from './media-capabilities.ts';
import type { MediaSection, RtpMap } from './media-section.ts';
import { readOpusFormat } from './opus-format.ts';

/** The half of a leg's media that its codecs decide. */
export type AgreedCodecs = Pick<
  LegMedia,
  | 'codec'
  | 'payloadTypeOut'
  | 'payloadTypesIn'
  | 'telephoneEventPayloadType'
  | 'telephoneEventClockHz'
  | 'comfortNoisePayloadType'
  | 'ptimeOutMs'
  | 'opus'
>;

interface CommonCodec {
  readonly payloadType: number;
  readonly codec: CodecName;
}

/** Static payload types that need no rtpmap, RFC 3551 table 4. */
const STATIC_NAMES = new Map(
  CODECS.filter((codec) => codec.assignment === 'static').map((codec) => [
    codec.payloadType,
    codec.name,
  ]),
);
const COMFORT_NOISE_PAYLOAD_TYPE = 13;
const PTIMES_MS: readonly DurationMs[] = [10, 20, 30, 40];
const DEFAULT_PTIME_MS = 20;
const DEFAULT_EVENT_CLOCK_HZ = 8000;

/** Picks the codec of a section and what goes with it; undefined when there is none in common. */
export function agreeCodecs(
  section: MediaSection,
  capabilities: Pick<MediaCapabilities, 'kind' | 'codecs'>,
): AgreedCodecs | undefined {
  const common = commonCodecs(section, capabilities);
  const preferred = common[0];
  if (preferred === undefined) return undefined;
  const { codec, payloadType } = preferred;
  const events = telephoneEvent(section, codec);
  return {
    codec,
    payloadTypeOut: payloadType,
    payloadTypesIn: common,
    telephoneEventPayloadType: events?.payloadType ?? null,
    ...(events === undefined || events.clockRateHz === DEFAULT_EVENT_CLOCK_HZ
      ? {}
      : { telephoneEventClockHz: events.clockRateHz }),
    comfortNoisePayloadType: section.payloadTypes.includes(COMFORT_NOISE_PAYLOAD_TYPE)
      ? COMFORT_NOISE_PAYLOAD_TYPE
      : null,
    ptimeOutMs: codec === 'opus' ? opusPtime(section) : ptimeOut(section),
    ...(codec === 'opus'
      ? { opus: readOpusFormat(section.formatParameters.get(payloadType) ?? '') }
      : {}),
  };
}

/** In the offer's order (RFC 3264 §6.1); towards a browser what sounds best comes first, and it sends that. */
function commonCodecs(
  section: MediaSection,
  capabilities: Pick<MediaCapabilities, 'kind' | 'codecs'>,
): readonly CommonCodec[] {
  const common: CommonCodec[] = [];
  for (const payloadType of new Set(section.payloadTypes)) {
    const mapped = section.rtpMaps.find((line) => line.payloadType === payloadType);
    const codec = mapped === undefined ? STATIC_NAMES.get(payloadType) : matchingCodec(mapped);
    if (codec !== undefined && capabilities.codecs.includes(codec)) {
      common.push({ payloadType, codec });
    }
  }
  if (capabilities.kind === 'trunk') return common;
  const isOpus = (each: CommonCodec): boolean => each.codec === 'opus';
  return [...common.filter(isOpus), ...common.filter((each) => !isOpus(each))];
}

function matchingCodec(mapped: RtpMap): CodecName | undefined {
  const codec = codecByName(mapped.encodingName);
  const isSame = codec?.clockRateHz === mapped.clockRateHz && codec.channels === mapped.channels;
  return isSame ? codec.name : undefined;
}

/**
 * The event whose clock is the codec's, since both share a time line (RFC 4733 §2.1). Firefox and many phones have only
 * the one of 8000 Hz beside Opus, and mean it.
 */
function telephoneEvent(section: MediaSection, codec: CodecName): RtpMap | undefined {
  const clockRateHz: Hz = codecByName(codec)?.clockRateHz ?? DEFAULT_EVENT_CLOCK_HZ;
  const events = section.rtpMaps.filter(
    (map) =>
      map.encodingName.toLowerCase() === 'telephone-event' &&
      section.payloadTypes.includes(map.payloadType),
  );
  return (
    events.find((map) => map.clockRateHz === clockRateHz) ??
    events.find((map) => map.clockRateHz === DEFAULT_EVENT_CLOCK_HZ)
  );
}

/** What was asked for where we can do it, never above maxptime (RFC 8866 §6.4, §6.5). */
function ptimeOut(section: MediaSection): DurationMs {
  const asked = section.ptimeMs ?? DEFAULT_PTIME_MS;
  const limit = section.maxptimeMs ?? Number.POSITIVE_INFINITY;
  const wanted = Math.min(PTIMES_MS.includes(asked) ? asked : DEFAULT_PTIME_MS, limit);
  return PTIMES_MS.findLast((ptimeMs) => ptimeMs <= wanted) ?? 10;
}

/** 20 ms, so that listeners can share an encode, unless the peer cannot take it. */
function opusPtime(section: MediaSection): DurationMs {
  return (section.maxptimeMs ?? DEFAULT_PTIME_MS) < DEFAULT_PTIME_MS ? 10 : DEFAULT_PTIME_MS;
}
