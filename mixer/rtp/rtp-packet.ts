/** Bytes of an RTP header without CSRC list and extension, RFC 3550 §5.1. */
export const RTP_HEADER_BYTES = 12;

/**
 * The fields of an RTP packet and where its payload lies. Mutable and owned by the caller: one object serves every
 * packet, received or sent. All numbers are unsigned.
 */
export class RtpHeader {
  marker = false;
  payloadType = 0;
  sequenceNumber = 0;
  rtpTimestamp = 0;
  ssrc = 0;
  /** Where the header extensions begin (behind profile and length) and their bytes; a length of 0 without any. */
  extensionOffset = 0;
  extensionLength = 0;
  /** What "defined by profile" says; which form the extensions have, RFC 8285 §4. */
  extensionProfile = 0;
  /** Where the payload begins in the parsed bytes. Set by `parseRtpPacket`. */
  payloadOffset = 0;
  /** Payload without padding, in bytes; may be 0. Set by `parseRtpPacket`. */
  payloadLength = 0;
}

/**
 * Reads an RTP packet into `out`; false when it is none (other version, truncated, padding longer than the payload, or
 * a payload type that stands for RTCP, RFC 5761 §4), and then `out` holds nothing to rely on.
 * `bytes` — the datagram in its first `length` bytes; not kept.
 *
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 * |                           timestamp                           |
 * |           synchronization source (SSRC) identifier            |
 * |            contributing source (CSRC) identifiers  × CC       |
 * |  defined by profile (if X)    |   length in 32-bit words      |
 * ```
 * Source: RFC 3550 §5.1, §5.3.1, §A.1.
 */
export function parseRtpPacket(bytes: Uint8Array, length: number, out: RtpHeader): boolean {
  if (length < RTP_HEADER_BYTES || length > bytes.length) return false;
  const first = byteAt(bytes, 0);
  if (first >>> 6 !== 2) return false;
  const second = byteAt(bytes, 1);
  const payloadType = second & 0x7f;
  if (payloadType >= 64 && payloadType <= 95) return false;

  let payloadOffset = RTP_HEADER_BYTES + 4 * (first & 0x0f);
  const extensionOffset = payloadOffset + 4;
  let extensionLength = 0;
  let extensionProfile = 0;
  if ((first & 0x10) !== 0) {
    if (extensionOffset > length) return false;
    extensionProfile = uint16At(bytes, payloadOffset);
    extensionLength = 4 * uint16At(bytes, payloadOffset + 2);
    payloadOffset = extensionOffset + extensionLength;
  }
  if (payloadOffset > length) return false;
  let payloadLength = length - payloadOffset;
  if ((first & 0x20) !== 0) {
    const paddingBytes = byteAt(bytes, length - 1);
    if (paddingBytes === 0 || paddingBytes > payloadLength) return false;
    payloadLength -= paddingBytes;
  }

  out.marker = second > 0x7f;
  out.payloadType = payloadType;
  out.sequenceNumber = uint16At(bytes, 2);
  out.rtpTimestamp = uint32At(bytes, 4);
  out.ssrc = uint32At(bytes, 8);
  out.extensionOffset = extensionOffset;
  out.extensionLength = extensionLength;
  out.extensionProfile = extensionProfile;
  out.payloadOffset = payloadOffset;
  out.payloadLength = payloadLength;
  return true;
}

/**
 * Writes a 12-byte RTP header (no CSRC, extension or padding) and returns `RTP_HEADER_BYTES`.
 * `out` needs 12 bytes from `offset`; fields wider than their bits are cut. Source: RFC 3550 §5.1.
 */
export function writeRtpHeader(out: Uint8Array, offset: number, fields: RtpHeader): number {
  out[offset] = 0x80;
  out[offset + 1] = (fields.marker ? 0x80 : 0) | (fields.payloadType & 0x7f);
  out[offset + 2] = fields.sequenceNumber >>> 8;
  out[offset + 3] = fields.sequenceNumber;
  writeUint32(out, offset + 4, fields.rtpTimestamp);
  writeUint32(out, offset + 8, fields.ssrc);
  return RTP_HEADER_BYTES;
}

function byteAt(bytes: Uint8Array, offset: number): number {
  return bytes[offset] ?? 0;
}

function uint16At(bytes: Uint8Array, offset: number): number {
  return (byteAt(bytes, offset) << 8) | byteAt(bytes, offset + 1);
}

function uint32At(bytes: Uint8Array, offset: number): number {
  return ((uint16At(bytes, offset) << 16) | uint16At(bytes, offset + 2)) >>> 0;
}

function writeUint32(out: Uint8Array, offset: number, value: number): void {
  out[offset] = value >>> 24;
  out[offset + 1] = value >>> 16;
  out[offset + 2] = value >>> 8;
  out[offset + 3] = value;
}
