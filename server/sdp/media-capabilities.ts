import type { CodecName } from '../../mixer/protocol/codec.ts';
import type {
  IceCredentials,
  SrtpKeying,
  SrtpProfile,
} from '../../mixer/protocol/media-security.ts';
import type { IceParameters } from './ice-parameters.ts';

/** What we are able and willing to use with this peer. */
export interface MediaCapabilities {
  /** `browser`: ICE, DTLS-SRTP and rtcp-mux or nothing (RFC 8835 §3). `trunk`: no ICE. */
  readonly kind: 'trunk' | 'browser';
  /** In no order: a trunk's offer decides it; towards a browser Opus comes first. */
  readonly codecs: readonly CodecName[];
  /** Where packets go when the SDP names no literal address: the peer's signalling address. */
  readonly fallbackHost: string;
  /** Of trunks. `off`: plain RTP only. `required`: never plain RTP. `optional`: the secure section, if there is one. */
  readonly srtp: 'off' | 'optional' | 'required';
  /** Keys in the SDP (RFC 4568 §8.3) are believed and told only over `secure` signalling. */
  readonly signalling: 'secure' | 'open';
  readonly dtls: 'available' | 'unavailable';
  /** Our side's SDES key of a profile, always the same one. */
  readonly keyingFor: (profile: SrtpProfile) => SrtpKeying;
  /** The peer's ICE credentials together with ours for them. */
  readonly credentialsFor: (remote: IceParameters) => IceCredentials;
}
