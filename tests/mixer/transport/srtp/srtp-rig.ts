import type { SrtpKeying, SrtpProfile } from '../../../../mixer/protocol/media-security.ts';
import { loadNativeSrtp } from '../../../../mixer/transport/srtp/native-srtp.ts';
import { createNodeSrtpSession } from '../../../../mixer/transport/srtp/node-srtp.ts';
import type { CreateSrtpSession } from '../../../../mixer/transport/srtp/srtp-session.ts';

/** Both implementations, as far as they are there, each with its name. */
export const implementations: readonly (readonly [string, CreateSrtpSession])[] = [
  ['node', createNodeSrtpSession],
  ...[loadNativeSrtp()].flatMap((create) => (create ? [['native', create] as const] : [])),
];

/** Both profiles. */
export const profiles = ['AES_CM_128_HMAC_SHA1_80', 'AEAD_AES_128_GCM'] as const;

/** Numbers from 0 to 2³² − 1, the same ones for the same seed (xorshift). */
export function seededWords(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

/** Bytes by a source of numbers. */
export function bytesBy(next: () => number, count: number): Uint8Array {
  return Uint8Array.from({ length: count }, () => next() & 0xff);
}

/** A keying of a profile by a seed. */
export function keyingBy(seed: number, profile: SrtpProfile): SrtpKeying {
  const next = seededWords(seed);
  return {
    profile,
    masterKey: bytesBy(next, 16),
    masterSalt: bytesBy(next, profile === 'AEAD_AES_128_GCM' ? 12 : 14),
  };
}

/** Keys of one side and of the other. */
export function keysOfTwo(profile: SrtpProfile) {
  const one = keyingBy(71, profile);
  const other = keyingBy(72, profile);
  return {
    alice: { inbound: other, outbound: one },
    bob: { inbound: one, outbound: other },
  };
}

/** A plain RTP packet with a payload of 20 bytes that depends on the sequence number. */
export function rtp(sequenceNumber: number, ssrc = 0x1234_5678): Uint8Array {
  const packet = new Uint8Array(32).fill(sequenceNumber % 251);
  const view = new DataView(packet.buffer);
  view.setUint16(0, 0x8060);
  view.setUint16(2, sequenceNumber);
  view.setUint32(4, sequenceNumber * 160);
  view.setUint32(8, ssrc);
  return packet;
}

/** A receiver report without blocks but with an APP packet's worth of bytes behind it. */
export function rtcp(ssrc = 0x1234_5678): Uint8Array {
  const packet = new Uint8Array(28).fill(7);
  const view = new DataView(packet.buffer);
  view.setUint32(0, 0x80c9_0006);
  view.setUint32(4, ssrc);
  return packet;
}

/** Bytes of `hex`, blanks left out. */
export function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));
}
