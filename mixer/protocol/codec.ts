import type { Hz } from './units.ts';

/** Codecs the mixer can decode and encode. Names are the encoding names of RFC 3551, table 4. */
export type CodecName = 'PCMU' | 'PCMA';

/** What must be known about a codec to offer it, packetise it and mix it. */
export interface CodecDescription {
  readonly name: CodecName;
  /** Static payload type, RFC 3551 §6. */
  readonly payloadType: number;
  /** Rate of the RTP time stamp. Differs from `sampleRateHz` for G.722 (RFC 3551 §4.5.2). */
  readonly clockRateHz: Hz;
  /** Rate of the audio itself. */
  readonly sampleRateHz: Hz;
}

/** Every codec, in the order in which an answer prefers them when the offer leaves the choice to us. */
export const CODECS: readonly CodecDescription[] = [
  { name: 'PCMA', payloadType: 8, clockRateHz: 8000, sampleRateHz: 8000 },
  { name: 'PCMU', payloadType: 0, clockRateHz: 8000, sampleRateHz: 8000 },
];

/** Looks a codec up by its encoding name, without regard to case (RFC 4855 §3). */
export function codecByName(name: string): CodecDescription | undefined {
  const wanted = name.toUpperCase();
  return CODECS.find((codec) => codec.name === wanted);
}
