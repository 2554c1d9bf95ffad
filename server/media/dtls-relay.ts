import type { LegId, MixerCommand } from '../../mixer/protocol/mixer-command.ts';
import type { DtlsFingerprint } from '../../mixer/protocol/media-security.ts';
import { assertNever } from '../../mixer/protocol/coded-error.ts';
import type { DurationMs } from '../../mixer/protocol/units.ts';
import type { Clock } from '../runtime/clock.ts';
import type { DtlsChannel, DtlsEvent, DtlsHost, DtlsIdentity } from './dtls-host.ts';
import type { MediaLog } from './media-log.ts';

/** A thread that keeps crashing is started again after so long. */
const RESTART_MS: DurationMs = 500;

/** What a relay is made from. */
export interface DtlsRelayParts {
  readonly host: DtlsHost | null;
  readonly clock: Clock;
  readonly log: MediaLog;
  /** For the worker that carries the leg. */
  readonly toLeg: (
    command: Extract<MixerCommand, { readonly type: 'send-dtls' | 'set-srtp-keys' }>,
  ) => void;
  /** There will be no keys for this leg. */
  readonly failed: (legId: LegId, reason: string) => void;
}

/** A leg with a handshake. `fingerprints`: one of them the peer's certificate must have. */
interface RelayedLeg {
  readonly fingerprints: readonly DtlsFingerprint[];
  keys: 'none' | 'made';
}

/**
 * Between the workers, which see the packets of handshakes, and the thread that does them. The thread's certificate
 * outlives it: it stands in descriptions that peers have already.
 */
export class DtlsRelay {
  readonly #parts: DtlsRelayParts;
  /** Whose hands are shaken, or were. */
  readonly #legs = new Map<LegId, RelayedLeg>();
  #channel: DtlsChannel | null = null;
  #identity: DtlsIdentity | null = null;
  #fingerprint: DtlsFingerprint | null = null;
  #state: 'serving' | 'stopping' = 'serving';
  #cancelRestart: () => void = () => {};
  #becomeReady: () => void = () => {};
  /** Resolves when there is a certificate, or nobody to make one. */
  readonly ready: Promise<void>;

  constructor(parts: DtlsRelayParts) {
    this.#parts = parts;
    this.ready = new Promise((resolve) => {
      this.#becomeReady = resolve;
    });
    if (parts.host === null) this.#becomeReady();
    this.#start();
  }

  get fingerprint(): DtlsFingerprint | null {
    return this.#fingerprint;
  }

  /** Expects the handshake of a leg whose peer has one of these certificates. The same ones again change nothing. */
  open(legId: LegId, fingerprints: readonly DtlsFingerprint[]): void {
    const before = this.#legs.get(legId);
    if (JSON.stringify(before?.fingerprints) === JSON.stringify(fingerprints)) return;
    this.close(legId);
    this.#legs.set(legId, { fingerprints, keys: 'none' });
    this.#channel?.post({ type: 'open', legId, fingerprints });
  }

  packet(legId: LegId, bytes: Uint8Array): void {
    if (this.#legs.has(legId)) this.#channel?.post({ type: 'packet', legId, bytes });
  }

  close(legId: LegId): void {
    if (this.#legs.delete(legId)) this.#channel?.post({ type: 'close', legId });
  }

  stop(): void {
    this.#state = 'stopping';
    this.#cancelRestart();
    this.#channel?.post({ type: 'shut-down' });
  }

  terminate(): void {
    this.#channel?.terminate();
  }

  #start(): void {
    const channel = this.#parts.host?.spawn(
      (event) => this.#receive(event),
      (reason) => this.#exited(channel, reason),
    );
    if (channel === undefined) return;
    this.#channel = channel;
    channel.post({ type: 'start', identity: this.#identity });
    // Legs that came while there was no thread.
    for (const [legId, { fingerprints, keys }] of this.#legs) {
      if (keys === 'none') channel.post({ type: 'open', legId, fingerprints });
    }
  }

  /** Whoever was shaking hands must begin again; keys that were made are the workers' already. */
  #exited(channel: DtlsChannel | undefined, reason: string): void {
    if (this.#channel !== channel || this.#state === 'stopping') return;
    const { clock, log, failed } = this.#parts;
    this.#channel = null;
    const unfinished = [...this.#legs].filter(([, leg]) => leg.keys === 'none');
    log.error('the DTLS thread has crashed', { reason, handshakes: unfinished.length });
    for (const [legId] of unfinished) {
      this.#legs.delete(legId);
      failed(legId, 'the DTLS thread has crashed');
    }
    this.#cancelRestart = clock.schedule(clock.monotonicMs() + RESTART_MS, () => this.#start());
  }

  #receive(event: DtlsEvent): void {
    switch (event.type) {
      case 'ready':
        this.#identity = event.identity;
        this.#fingerprint = event.fingerprint;
        this.#becomeReady();
        return;
      case 'packet':
        return this.#parts.toLeg({ type: 'send-dtls', legId: event.legId, bytes: event.bytes });
      case 'keys': {
        const leg = this.#legs.get(event.legId);
        if (leg === undefined) return;
        leg.keys = 'made';
        const { legId, inbound, outbound } = event;
        return this.#parts.toLeg({ type: 'set-srtp-keys', legId, inbound, outbound });
      }
      case 'failed':
        if (this.#legs.delete(event.legId)) this.#parts.failed(event.legId, event.reason);
        return;
      case 'closed':
        // The peer will say by SIP that it is gone, or fall silent.
        this.#legs.delete(event.legId);
        return;
      case 'stopped':
        return;
      default:
        return assertNever(event);
    }
  }
}
