import type { LegMedia } from '../protocol/mixer-command.ts';
import type { MonotonicMs } from '../protocol/units.ts';
import type { RtpHeader } from '../rtp/rtp-packet.ts';
import type { PacketKind } from './packet-io.ts';
import type { SrtpSessionKeys } from './srtp/srtp-session.ts';

/** Packets of all legs since the figures were last taken. Refused: no RTP, of an unknown type, forged, or a stranger's. */
export interface PacketCounters {
  packetsIn: number;
  packetsOut: number;
  packetsRefused: number;
}

/** What came to one leg, for finding out why it is not heard. */
export interface LegArrivals {
  /** When RTP was taken last; 0 before any. */
  rtpAtMs: MonotonicMs;
  /** When RTCP was taken last; 0 before any. */
  rtcpAtMs: MonotonicMs;
  reportsIn: number;
  /** Refused: of a source that is not the peer. */
  fromElsewhere: number;
  /** Refused: of payload types that were not agreed on. */
  ofOtherTypes: number;
  /** Refused: protected by another key, or by one that is not there yet. */
  notOpened: number;
  notRtp: number;
}

/** Nothing has come yet. */
export function noArrivals(): LegArrivals {
  return {
    ...{ rtpAtMs: 0, rtcpAtMs: 0, reportsIn: 0 },
    ...{ fromElsewhere: 0, ofOtherTypes: 0, notOpened: 0, notRtp: 0 },
  };
}

/**
 * A packet on its way to a leg, from whatever socket: its own two, or one that it shares. `media` is RTP or RTCP. Holds
 * only during the call that delivers it.
 */
export interface IncomingPacket {
  readonly kind: PacketKind | 'media' | 'dtls';
  readonly bytes: Uint8Array;
  readonly lengthBytes: number;
  /** Empty where paths are proven otherwise. */
  readonly sourceHost: string;
  readonly sourcePort: number;
  readonly atMs: MonotonicMs;
}

/** What a transport makes of packets: plain, of the leg's own peer. `bytes` hold only during the call. */
export interface LegReceiver {
  /** Whether offer and answer agreed on RTP packets of this type. */
  knows(payloadType: number): boolean;
  rtp(header: RtpHeader, bytes: Uint8Array, atMs: MonotonicMs): void;
  rtcp(bytes: Uint8Array, lengthBytes: number, atMs: MonotonicMs): 'accepted' | 'refused';
  /** A DTLS record, for the DTLS server; `bytes` are the receiver's. */
  dtls(bytes: Uint8Array): void;
}

/** The network side of one leg: addresses, sockets and protection stay behind it. Packets are plain on this side. */
export interface LegTransport {
  /** The last sign of life from the peer. */
  readonly heardAtMs: MonotonicMs;
  readonly arrivals: Readonly<LegArrivals>;
  /** Whether it is known where the peer's packets come from. */
  readonly source: 'latched' | 'not-latched';
  /** Whether the peer's connectivity checks come; `none` where there are none. */
  connectivity(nowMs: MonotonicMs): 'none' | 'not-connected' | 'connected';
  receive(packet: IncomingPacket): void;
  /** The bytes are the caller's again when the call returns. Nothing is sent before there are keys where keys are due. */
  sendRtp(packet: Uint8Array): void;
  sendRtcp(packet: Uint8Array): void;
  sendDtls(bytes: Uint8Array): void;
  /** Takes what a new offer and answer agreed on. */
  update(media: LegMedia, nowMs: MonotonicMs): void;
  /** A handshake is done. */
  setKeys(keys: SrtpSessionKeys): void;
  /** Does what is due besides packets. Called a few times a second. */
  watch(nowMs: MonotonicMs): void;
  close(): void;
}

/** First bytes of DTLS records, RFC 7983. */
export function isDtls(bytes: Uint8Array): boolean {
  const first = bytes[0] ?? 0;
  return first >= 20 && first <= 63;
}

/** Tells RTCP from RTP where both come on one port, RFC 5761 §4. */
export function isRtcp(bytes: Uint8Array, lengthBytes: number): boolean {
  const second = (bytes[1] ?? 0) & 0x7f;
  return lengthBytes >= 2 && second >= 64 && second <= 95;
}
