/** Protection profiles of SRTP: RFC 3711 with RFC 4568's name, and RFC 7714. */
export type SrtpProfile = 'AES_CM_128_HMAC_SHA1_80' | 'AEAD_AES_128_GCM';

/** Master key (16 bytes) and master salt (14 bytes; 12 with GCM) of one direction, RFC 3711 §3.2.1. Never logged. */
export interface SrtpKeying {
  readonly profile: SrtpProfile;
  readonly masterKey: Uint8Array;
  readonly masterSalt: Uint8Array;
}

/** Counters of a leg's SRTP as plain numbers, for a handover to another worker. */
export interface SrtpSnapshot {
  /** SRTCP index of the next packet sent. */
  readonly rtcpIndexOut: number;
  readonly streamsOut: readonly SrtpStreamSnapshot[];
  readonly streamsIn: readonly SrtpStreamSnapshot[];
}

/** One SSRC's roll-over counter and highest sequence number, RFC 3711 §3.3.1. */
export interface SrtpStreamSnapshot {
  readonly ssrc: number;
  readonly rolloverCounter: number;
  readonly highestSequenceNumber: number;
  readonly rtcpIndex: number;
}

/** What a peer's certificate must hash to, RFC 8122. `value` in capitals with colons. */
export interface DtlsFingerprint {
  readonly algorithm: 'sha-256' | 'sha-384' | 'sha-512' | 'sha-1';
  readonly value: string;
}

/**
 * How the packets of one leg are protected. `sdes`: keys from the SDP (RFC 4568). `dtls`: keys from a handshake in which
 * we are the server (RFC 5763, `a=setup:passive`); until it is done nothing is sent and what comes is dropped.
 */
export type MediaSecurity =
  | { readonly kind: 'none' }
  | { readonly kind: 'sdes'; readonly inbound: SrtpKeying; readonly outbound: SrtpKeying }
  | { readonly kind: 'dtls'; readonly fingerprints: readonly DtlsFingerprint[] };

/** Credentials of ICE as offer and answer have exchanged them, RFC 8839 §5.4. New ones are an ICE restart. */
export interface IceCredentials {
  readonly localUfrag: string;
  readonly localPassword: string;
  readonly remoteUfrag: string;
  readonly remotePassword: string;
}

/** Where a leg can be reached by ICE: one line `a=candidate` of type host each, before any external address is put in. */
export interface LocalCandidate {
  readonly transport: 'udp' | 'tcp';
  readonly host: string;
  readonly port: number;
}
