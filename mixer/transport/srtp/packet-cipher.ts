/** One packet at work: what a session tells its cipher. One object serves all packets. */
export interface CipherJob {
  packet: Uint8Array;
  /** Bytes of `packet` that count. */
  lengthBytes: number;
  /** RTP header with CSRCs and extension: authenticated, not encrypted. */
  headerBytes: number;
  ssrc: number;
  rolloverCounter: number;
  sequenceNumber: number;
  /** SRTCP: the E bit and the index of 31 bits behind it, RFC 3711 §3.4. */
  rtcpWord: number;
  out: Uint8Array;
}

/** What one profile does to the packets of one direction. Results are bytes in `out`, 0: not genuine. */
export interface PacketCipher {
  /** Bytes that protecting adds to RTP. */
  readonly rtpTagBytes: number;
  /** Bytes that protecting adds to RTCP, with the word of the index. */
  readonly rtcpTrailerBytes: number;
  /** Where the word of the index stands in a protected RTCP packet, counted from its end. */
  readonly rtcpWordFromEnd: number;
  protectRtp(job: CipherJob): number;
  unprotectRtp(job: CipherJob): number;
  protectRtcp(job: CipherJob): number;
  unprotectRtcp(job: CipherJob): number;
}

/** The part of an RTCP packet that stays in the clear: its first header and the sender's SSRC. */
export const RTCP_CLEAR_BYTES = 8;
/** In the word of the index: the packet is encrypted. */
export const ENCRYPTED_BIT = 0x8000_0000;
/** Highest SRTCP index; after it there must be new keys. */
export const MAX_RTCP_INDEX = 0x7fff_ffff;
