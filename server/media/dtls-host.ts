import type { DtlsFingerprint, SrtpKeying } from '../../mixer/protocol/media-security.ts';
import type { LegId } from '../../mixer/protocol/mixer-command.ts';

/** Certificate and key of this process, DER in base64 lines (PEM). It lives as long as the process. */
export interface DtlsIdentity {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

/** What the DTLS thread is asked. */
export type DtlsCommand =
  /** The first one. `identity`: that of a thread before which has crashed; null: make one. Answered by `ready`. */
  | { readonly type: 'start'; readonly identity: DtlsIdentity | null }
  /** A handshake may begin. `fingerprints`: the peer's certificate must have one of them (RFC 8122 §5). */
  | {
      readonly type: 'open';
      readonly legId: LegId;
      readonly fingerprints: readonly DtlsFingerprint[];
    }
  | { readonly type: 'packet'; readonly legId: LegId; readonly bytes: Uint8Array }
  | { readonly type: 'close'; readonly legId: LegId }
  | { readonly type: 'shut-down' };

/** What the DTLS thread tells. */
export type DtlsEvent =
  | {
      readonly type: 'ready';
      readonly identity: DtlsIdentity;
      /** SHA-256 of the certificate, for `a=fingerprint`. */
      readonly fingerprint: DtlsFingerprint;
    }
  | { readonly type: 'packet'; readonly legId: LegId; readonly bytes: Uint8Array }
  /** Keys by the exporter (RFC 5764 §4.2), from our side: the peer is the DTLS client. */
  | {
      readonly type: 'keys';
      readonly legId: LegId;
      readonly inbound: SrtpKeying;
      readonly outbound: SrtpKeying;
    }
  /** No handshake: a wrong certificate, no profile in common, or too slow. Nothing more comes for the leg. */
  | { readonly type: 'failed'; readonly legId: LegId; readonly reason: string }
  /** The peer has closed its association (close_notify). */
  | { readonly type: 'closed'; readonly legId: LegId }
  | { readonly type: 'stopped' };

/** Starts the thread that does the handshakes: 24 ms of CPU each, which no tick must wait for. */
export interface DtlsHost {
  spawn(receive: (event: DtlsEvent) => void, exited: (reason: string) => void): DtlsChannel;
}

/** The thread's ear. */
export interface DtlsChannel {
  post(command: DtlsCommand): void;
  terminate(): void;
}
