import type { CodecName } from './codec.ts';
import type { DtmfKey } from './dtmf.ts';
import type { LegHandover } from './leg-handover.ts';
import type { IceCredentials, MediaSecurity, SrtpKeying } from './media-security.ts';
import type { DurationMs, Hz } from './units.ts';

/** Names a leg: one media endpoint. Unique in the process, never used twice. */
export type LegId = string;
/** Names a room. The mixer does not look inside it. */
export type RoomId = string;
/** Names one playback, so that its end can be told from the end of another. */
export type PlayId = number;
/**
 * Names a recording in the clip bank: speech in the folder of its language (`pl/menu-join`), a sound without a folder
 * (`tone-enter`).
 */
export type ClipName = string;

/** Where packets go: a literal address and a port. */
export interface MediaAddress {
  readonly host: string;
  readonly port: number;
}

/** Which way audio flows, seen from the mixer (RFC 3264 §5.1 turned to our side). */
export type MediaDirection = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** What offer and answer agreed on for one leg. */
export interface LegMedia {
  readonly codec: CodecName;
  /** Payload type we send with, as the peer asked for it. */
  readonly payloadTypeOut: number;
  /** Payload types we accept as audio, and what each carries. */
  readonly payloadTypesIn: readonly { readonly payloadType: number; readonly codec: CodecName }[];
  /** Payload type of telephone-event in both directions, or null when it was not agreed (RFC 4733). */
  readonly telephoneEventPayloadType: number | null;
  /** RTP clock of the events, in which their durations count (RFC 4733 §2.3.5). Left out: 8000. */
  readonly telephoneEventClockHz?: Hz;
  /** Payload type of comfort noise that is understood on receive, or null (RFC 3389). */
  readonly comfortNoisePayloadType: number | null;
  /** Packet time that we send with: 10, 20, 30 or 40. */
  readonly ptimeOutMs: DurationMs;
  /** Address from the peer's SDP; packets go there until symmetric RTP has latched elsewhere. */
  readonly remote: MediaAddress;
  /** Where the peer's RTCP goes (RFC 3605), or null for the RTP port + 1. */
  readonly remoteRtcp: MediaAddress | null;
  readonly direction: MediaDirection;
  /** How the peer wants Opus; left out where `codec` is another. */
  readonly opus?: OpusParameters;
  /** `mux`: RTCP comes and goes on the RTP port, RFC 5761. Left out: on its own. */
  readonly rtcp?: 'mux';
  /** Header extensions that were agreed on, RFC 8285. */
  readonly extensions?: HeaderExtensions;
  /** Left out: plain RTP. */
  readonly security?: MediaSecurity;
  /** Set for a leg that was opened with `open-ice-leg`; `remote` and `remoteRtcp` then mean nothing. */
  readonly ice?: IceCredentials;
}

/** What a peer asks of the Opus that it is sent, RFC 7587 §6.1. */
export interface OpusParameters {
  readonly maxPlaybackRateHz: Hz;
  /** Null: no limit. */
  readonly maxAverageBitrate: number | null;
  readonly inbandFec: 'wanted' | 'unwanted';
  readonly dtx: 'allowed' | 'not-asked';
}

/** Identifiers of header extensions, 1–14; null where one was not agreed on. */
export interface HeaderExtensions {
  /** `urn:ietf:params:rtp-hdrext:ssrc-audio-level`, RFC 6464. */
  readonly audioLevelId: number | null;
  /** `urn:ietf:params:rtp-hdrext:sdes:mid`, RFC 8843 §15. */
  readonly midId: number | null;
  readonly mid: string;
}

/** One address that a worker listens on for legs with ICE: UDP, and TCP on the same port. */
export interface SharedPort {
  readonly host: string;
  readonly port: number;
  readonly transports: readonly ('udp' | 'tcp')[];
}

/** How Opus is encoded, from the config. */
export interface OpusSettings {
  /** Bits per second. */
  readonly bitrate: number;
  /** 0–10. */
  readonly complexity: number;
}

/** Whether a participant's voice goes into the mix. */
export type MicrophoneState = 'live' | 'muted';

/** Whether a key ends a playback at once. */
export type Interruptible = 'by-key' | 'not-by-key';

/**
 * A set of recordings at one sample rate. `samples` is int16 over shared memory: every clip lies in it
 * at `offsetSamples`, `lengthSamples` long. The rate is the one rooms mix at.
 */
export interface ClipBank {
  readonly sampleRateHz: Hz;
  readonly samples: SharedArrayBuffer;
  readonly clips: Readonly<
    Record<ClipName, { readonly offsetSamples: number; readonly lengthSamples: number }>
  >;
}

/** Everything the main thread can ask of a media worker. Human rates only: nothing here is per packet. */
export type MixerCommand =
  | { readonly type: 'load-clips'; readonly bank: ClipBank }
  | { readonly type: 'set-opus'; readonly settings: OpusSettings }
  /** Binds the ports that all of this worker's legs with ICE share. Once; answered by `shared-ports-opened`. */
  | { readonly type: 'open-shared-ports'; readonly ports: readonly SharedPort[] }
  | {
      /** A leg on the shared ports, found by its ICE user name fragment. Answered by `leg-opened` or `leg-open-failed`. */
      readonly type: 'open-ice-leg';
      readonly legId: LegId;
      readonly media: LegMedia;
      readonly rtpTimeoutMs: DurationMs;
    }
  /** A packet of the DTLS server for this leg's peer. */
  | { readonly type: 'send-dtls'; readonly legId: LegId; readonly bytes: Uint8Array }
  /** The handshake is done, the peer's certificate is the one that its SDP names. */
  | {
      readonly type: 'set-srtp-keys';
      readonly legId: LegId;
      readonly inbound: SrtpKeying;
      readonly outbound: SrtpKeying;
    }
  | {
      /** Binds RTP `port` and RTCP `port + 1` on `host`. Answered by `leg-opened` or `leg-open-failed`. */
      readonly type: 'open-leg';
      readonly legId: LegId;
      readonly host: string;
      readonly port: number;
      readonly media: LegMedia;
      /** No packet at all for this long raises `leg-silent`. */
      readonly rtpTimeoutMs: DurationMs;
    }
  | { readonly type: 'update-leg'; readonly legId: LegId; readonly media: LegMedia }
  /** Ends a leg. Answered by `leg-closed`. */
  | { readonly type: 'close-leg'; readonly legId: LegId }
  /** Closes the leg's port and returns its state in `leg-detached`, for another worker to go on with. */
  | { readonly type: 'detach-leg'; readonly legId: LegId }
  /** Goes on with a leg from another worker. Answered by `leg-opened` or `leg-open-failed`. */
  | { readonly type: 'attach-leg'; readonly legId: LegId; readonly handover: LegHandover }
  | { readonly type: 'open-room'; readonly roomId: RoomId }
  /** Legs still inside go on, alone. */
  | { readonly type: 'close-room'; readonly roomId: RoomId }
  | { readonly type: 'join-room'; readonly legId: LegId; readonly roomId: RoomId }
  | { readonly type: 'leave-room'; readonly legId: LegId }
  | { readonly type: 'set-microphone'; readonly legId: LegId; readonly microphone: MicrophoneState }
  /** How loud the others hear this leg (`talkGainDb`), and how loud it hears them (`listenGainDb`). */
  | {
      readonly type: 'set-gains';
      readonly legId: LegId;
      readonly talkGainDb: number;
      readonly listenGainDb: number;
    }
  /** Music on hold under everything else the leg hears, faded in and out; silent while a prompt plays. */
  | { readonly type: 'set-music'; readonly legId: LegId; readonly music: 'on' | 'off' }
  /** Clips one after another to one leg; a running playback of that leg is ended first (`stopped`). */
  | {
      readonly type: 'play-to-leg';
      readonly legId: LegId;
      readonly playId: PlayId;
      readonly clips: readonly ClipName[];
      readonly interruptible: Interruptible;
    }
  | { readonly type: 'stop-play'; readonly legId: LegId }
  /**
   * Clips to everybody in a room, mixed under the speech; playbacks to a room queue up. A sound that equals one which
   * still waits is merged with it, each with its own `play-ended`, and then nobody is excepted unless both except the
   * same leg. Speech is never merged.
   */
  | {
      readonly type: 'play-to-room';
      readonly roomId: RoomId;
      readonly playId: PlayId;
      readonly clips: readonly ClipName[];
      /** A leg that must not hear it (the one whose entry it announces), or null. */
      readonly exceptLegId: LegId | null;
    }
  /** Sends a key to the peer as RFC 4733 events. */
  | { readonly type: 'send-dtmf'; readonly legId: LegId; readonly key: DtmfKey }
  /** Close everything, answer `stopped`, and let the thread end. */
  | { readonly type: 'shut-down' };
