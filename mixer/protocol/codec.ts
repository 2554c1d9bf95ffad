import type { Hz } from './units.ts';

/** Codecs the mixer can decode and encode. Names are the encoding names of RFC 3551, table 4, and RFC 7587. */
export type CodecName = 'PCMU' | 'PCMA' | 'opus';

/** What must be known about a codec to offer it, packetise it and mix it. */
export interface CodecDescription {
  readonly name: CodecName;
  /** Static payload type, RFC 3551 §6; for a dynamic one, that of our own offers. */
  readonly payloadType: number;
  /** `dynamic`: the number means this codec only where an rtpmap says so. */
  readonly assignment: 'static' | 'dynamic';
  /** Rate of the RTP time stamp. Differs from `sampleRateHz` for G.722 (RFC 3551 §4.5.2). */
  readonly clockRateHz: Hz;
  /** Rate of the audio itself. */
  readonly sampleRateHz: Hz;
  /** Channels of the rtpmap: 2 for Opus whatever is sent (RFC 7587 §7). */
  readonly channels: 1 | 2;
}

/** Every codec, in the order in which an answer prefers them when the offer leaves the choice to us. */
export const CODECS: readonly CodecDescription[] = [
  {
    name: 'opus',
    payloadType: 111,
    assignment: 'dynamic',
    clockRateHz: 48_000,
    sampleRateHz: 48_000,
    channels: 2,
  },
  {
    name: 'PCMA',
    payloadType: 8,
    assignment: 'static',
    clockRateHz: 8000,
    sampleRateHz: 8000,
    channels: 1,
  },
  {
    name: 'PCMU',
    payloadType: 0,
    assignment: 'static',
    clockRateHz: 8000,
    sampleRateHz: 8000,
    channels: 1,
  },
];

/** Looks a codec up by its encoding name, without regard to case (RFC 4855 §3). */
export function codecByName(name: string): CodecDescription | undefined {
  const wanted = name.toUpperCase();
  return CODECS.find((codec) => codec.name.toUpperCase() === wanted);
}
