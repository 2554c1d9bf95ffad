import type { CodecName } from './codec.ts';
import type { DtmfKey } from './dtmf.ts';
import type { LegHandover } from './leg-handover.ts';
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
  /** Payload type of comfort noise that is understood on receive, or null (RFC 3389). */
  readonly comfortNoisePayloadType: number | null;
  /** Packet time that we send with: 10, 20, 30 or 40. */
  readonly ptimeOutMs: DurationMs;
  /** Address from the peer's SDP; packets go there until symmetric RTP has latched elsewhere. */
  readonly remote: MediaAddress;
  /** Where the peer's RTCP goes (RFC 3605), or null for the RTP port + 1. */
  readonly remoteRtcp: MediaAddress | null;
  readonly direction: MediaDirection;
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
