import { RTCP_CLEAR_BYTES } from './packet-cipher.ts';

/** RTP's fixed header, RFC 3550 §5.1. */
const FIXED_BYTES = 12;

/**
 * Length of an RTP packet's header with CSRCs and extension in bytes, 0 when it is none or does not fit the packet.
 * @see RFC 3550 §5.1
 */
export function rtpHeaderBytes(packet: Uint8Array, lengthBytes: number): number {
  if (lengthBytes < FIXED_BYTES) return 0;
  const first = packet[0] ?? 0;
  if (first >>> 6 !== 2) return 0;
  let bytes = FIXED_BYTES + (first & 0x0f) * 4;
  if ((first & 0x10) !== 0) {
    if (lengthBytes < bytes + 4) return 0;
    bytes += 4 + (((packet[bytes + 2] ?? 0) << 8) | (packet[bytes + 3] ?? 0)) * 4;
  }
  return bytes > lengthBytes ? 0 : bytes;
}

/** Whether this may be an RTCP packet, plain or protected: its version and length. RFC 3550 §6.4.1 */
export function isRtcp(packet: Uint8Array, lengthBytes: number): boolean {
  return lengthBytes >= RTCP_CLEAR_BYTES && (packet[0] ?? 0) >>> 6 === 2;
}

/** 32 bits in network order. */
export function readWord(bytes: Uint8Array, at: number): number {
  const low = ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
  return (bytes[at] ?? 0) * 0x1000000 + low;
}

/** Writes 32 bits in network order. */
export function writeWord(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word >>> 24;
  bytes[at + 1] = word >>> 16;
  bytes[at + 2] = word >>> 8;
  bytes[at + 3] = word;
}
