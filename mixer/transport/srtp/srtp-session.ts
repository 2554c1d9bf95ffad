import type { SrtpKeying, SrtpSnapshot } from '../../protocol/media-security.ts';

/** Bytes that protecting adds at most to an RTP packet: a tag of 16 (RFC 7714 §13.1). */
export const SRTP_OVERHEAD_BYTES = 16;
/** The same for RTCP, with the index and its E bit (RFC 3711 §3.4). */
export const SRTCP_OVERHEAD_BYTES = 20;

/** Keys of both directions. */
export interface SrtpSessionKeys {
  readonly inbound: SrtpKeying;
  readonly outbound: SrtpKeying;
}

/**
 * The cryptographic context of one leg, RFC 3711 §3.2: roll-over counters, replay windows of 64 and more packets, session
 * keys by key derivation. Each call works from `packet` into `out` and returns the bytes written, 0 when the packet is
 * refused: forged, repeated, too old, or too short to be one. `packet` is not changed; `out` is another buffer with room
 * for `lengthBytes` and the overhead. Nothing is allocated. Any SSRC is taken, each with its own counters, up to 8 inbound.
 */
export interface SrtpSession {
  protectRtp(packet: Uint8Array, lengthBytes: number, out: Uint8Array): number;
  unprotectRtp(packet: Uint8Array, lengthBytes: number, out: Uint8Array): number;
  protectRtcp(packet: Uint8Array, lengthBytes: number, out: Uint8Array): number;
  unprotectRtcp(packet: Uint8Array, lengthBytes: number, out: Uint8Array): number;
  /** Roll-over counters and indices, for a handover to another worker. */
  snapshot(): SrtpSnapshot;
  restore(snapshot: SrtpSnapshot): void;
}

/** Makes sessions: in native code where it could be built, else by `node:crypto`. */
export type CreateSrtpSession = (keys: SrtpSessionKeys) => SrtpSession;
