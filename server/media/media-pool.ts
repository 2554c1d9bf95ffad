import type {
  ClipBank,
  LegId,
  LegMedia,
  MixerCommand,
  RoomId,
} from '../../mixer/protocol/mixer-command.ts';
import type { DtlsFingerprint, LocalCandidate } from '../../mixer/protocol/media-security.ts';
import type { MixerEvent } from '../../mixer/protocol/mixer-event.ts';

/** What the pool tells the calls and rooms. Workers, ports and handovers stay behind it. */
export type MediaEvent =
  /** `port`: of RTP, 0 for a leg with ICE, which is reached by `candidates`. */
  | {
      readonly type: 'leg-opened';
      readonly legId: LegId;
      readonly port: number;
      readonly candidates: readonly LocalCandidate[];
    }
  /** The handshake of DTLS failed: nothing will ever be heard of the leg. */
  | { readonly type: 'leg-insecure'; readonly legId: LegId; readonly reason: string }
  /** `no-port`: the port range is used up. */
  | { readonly type: 'leg-failed'; readonly legId: LegId; readonly why: 'no-port' | 'failed' }
  /** The worker that carried the leg crashed. Nothing more comes for it. */
  | { readonly type: 'leg-lost'; readonly legId: LegId }
  | { readonly type: 'room-lost'; readonly roomId: RoomId }
  | Extract<MixerEvent, { readonly type: PassedOn }>;

/** What the mixer says and the pool passes on as it is. */
type PassedOn = 'leg-closed' | 'leg-silent' | 'leg-unheard' | 'dtmf' | 'play-ended' | 'levels';

/** Commands that go through the pool as they are: it finds the worker by leg or room. */
export type PooledCommand = Exclude<
  MixerCommand,
  {
    readonly type:
      | 'load-clips'
      | 'set-opus'
      | 'open-shared-ports'
      | 'open-leg'
      | 'open-ice-leg'
      | 'send-dtls'
      | 'set-srtp-keys'
      | 'attach-leg'
      | 'detach-leg'
      | 'shut-down';
  }
>;

/**
 * The media workers as one. Legs open on the least loaded worker; `open-room` pins a room to one; `join-room` hands the
 * leg over when its room lives elsewhere, and commands for the leg wait meanwhile. All answers come as events.
 */
export interface MediaPool {
  /** `host`: the literal address that the leg's sockets bind. Answered by `leg-opened` or `leg-failed`. */
  openLeg(leg: { readonly legId: LegId; readonly host: string; readonly media: LegMedia }): void;
  /**
   * A leg with ICE (`media.ice` is set), on the worker where its room lives or will live: it is never handed over.
   * Answered by `leg-opened` or `leg-failed`.
   */
  openIceLeg(leg: {
    readonly legId: LegId;
    readonly media: LegMedia;
    readonly roomId: RoomId;
  }): void;
  /** Resolves when legs with ICE and with DTLS can be opened, or never will be. */
  readonly ready: Promise<void>;
  /** What our side's certificate hashes to, for `a=fingerprint`; null until the DTLS thread is ready. */
  readonly fingerprint: DtlsFingerprint | null;
  command(command: PooledCommand): void;
  /** Gives every worker, and every later one, the recordings. Replaces the ones before. */
  loadClips(bank: ClipBank): void;
  /** Legs now open, for limits and shutdown. */
  readonly legCount: number;
  stop(): Promise<void>;
}

/** Starts workers: threads in the product, in-process mixers in simulations. */
export interface WorkerHost {
  spawn(
    index: number,
    receive: (event: MixerEvent) => void,
    exited: (reason: string) => void,
  ): WorkerChannel;
}

/** One worker's ear. */
export interface WorkerChannel {
  post(command: MixerCommand): void;
  terminate(): void;
}
