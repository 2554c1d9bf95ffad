import { X509Certificate } from 'node:crypto';
import type { DtlsFingerprint } from '../../../mixer/protocol/media-security.ts';
import type { LegId } from '../../../mixer/protocol/mixer-command.ts';
import type { DtlsCommand, DtlsEvent, DtlsIdentity } from '../dtls-host.ts';
import { Association } from './association.ts';
import { fingerprintOf } from './peer-proof.ts';
import { makeIdentity } from './self-signed.ts';

/** What the desk needs from the world. */
export interface DtlsDeskOptions {
  emit(event: DtlsEvent): void;
  /** Calls back after a time, once; what it returns takes that back. */
  after(durationMs: number, then: () => void): () => void;
}

/** Handshakes that go on at once; each takes some 20 ms of this thread's time. */
export const MAX_HANDSHAKES = 200;
/** Legs that wait for their turn; more are refused. */
export const MAX_WAITING = 1000;
/** From a leg's first packet to its keys. */
export const HANDSHAKE_TIMEOUT_MS = 15_000;
/** From `open` to the first packet: finding a path through the network comes before. */
export const SILENCE_TIMEOUT_MS = 60_000;

/** One leg. `handshaking` counts against the limit, `waiting` will, `opened` has had no packet, `done` has its keys. */
interface Entry {
  readonly fingerprints: readonly DtlsFingerprint[];
  state:
    | { readonly name: 'opened' }
    | { readonly name: 'waiting'; readonly datagram: Uint8Array }
    | { readonly name: 'handshaking' | 'done'; readonly association: Association };
  cancelTimeout: () => void;
}

/** Does the handshakes of all legs: the DTLS thread without the thread. Handles commands, emits events. */
export class DtlsDesk {
  readonly #options: DtlsDeskOptions;
  readonly #entries = new Map<LegId, Entry>();
  #identity: DtlsIdentity | null = null;
  #handshakes = 0;
  #waiting = 0;

  constructor(options: DtlsDeskOptions) {
    this.#options = options;
  }

  /** Legs that are known. */
  get legCount(): number {
    return this.#entries.size;
  }

  handle(command: DtlsCommand): void {
    switch (command.type) {
      case 'start':
        return this.#start(command.identity);
      case 'open':
        return this.#open(command.legId, command.fingerprints);
      case 'packet':
        return this.#packet(command.legId, command.bytes);
      case 'close':
        return this.#forget(command.legId);
      case 'shut-down':
        for (const legId of [...this.#entries.keys()]) this.#forget(legId);
        return this.#options.emit({ type: 'stopped' });
    }
  }

  /** Gives a leg up because of a mistake of ours in its handshake. */
  abandon(legId: LegId): void {
    if (this.#entries.has(legId)) this.#fail(legId, 'a fault of the server');
  }

  #start(identity: DtlsIdentity | null): void {
    this.#identity = identity ?? makeIdentity();
    const { raw } = new X509Certificate(this.#identity.certificatePem);
    this.#options.emit({
      type: 'ready',
      identity: this.#identity,
      fingerprint: { algorithm: 'sha-256', value: fingerprintOf(raw, 'sha-256') },
    });
  }

  #open(legId: LegId, fingerprints: readonly DtlsFingerprint[]): void {
    this.#forget(legId);
    const cancelTimeout = this.#options.after(SILENCE_TIMEOUT_MS, () =>
      this.#fail(legId, 'no packet came'),
    );
    this.#entries.set(legId, { fingerprints, state: { name: 'opened' }, cancelTimeout });
  }

  #packet(legId: LegId, bytes: Uint8Array): void {
    const entry = this.#entries.get(legId);
    if (entry === undefined) return;
    const { state } = entry;
    if (state.name === 'handshaking' || state.name === 'done') state.association.receive(bytes);
    else if (this.#handshakes < MAX_HANDSHAKES) this.#begin(legId, entry, bytes);
    else if (state.name === 'opened') this.#wait(legId, entry, bytes);
  }

  /** The first datagram is kept; the peer repeats what it says after. */
  #wait(legId: LegId, entry: Entry, datagram: Uint8Array): void {
    if (this.#waiting === MAX_WAITING) {
      this.#fail(legId, 'too many handshakes at once');
      return;
    }
    this.#waiting += 1;
    entry.state = { name: 'waiting', datagram };
  }

  #begin(legId: LegId, entry: Entry, datagram: Uint8Array): void {
    const identity = this.#identity;
    if (identity === null) return;
    if (entry.state.name === 'waiting') this.#waiting -= 1;
    entry.cancelTimeout();
    entry.cancelTimeout = this.#options.after(HANDSHAKE_TIMEOUT_MS, () =>
      this.#fail(legId, 'it took too long'),
    );
    const emit = (event: DtlsEvent): void => this.#options.emit(event);
    const association = new Association({
      identity,
      fingerprints: entry.fingerprints,
      listener: {
        // Copied: what is posted to a thread takes the whole buffer along in which it lies.
        send: (bytes) => emit({ type: 'packet', legId, bytes: new Uint8Array(bytes) }),
        keys: (inbound, outbound) => {
          this.#done(entry, association);
          emit({ type: 'keys', legId, inbound, outbound });
        },
        failed: (reason) => this.#fail(legId, reason),
        closed: () => {
          this.#forget(legId);
          emit({ type: 'closed', legId });
        },
      },
    });
    this.#handshakes += 1;
    entry.state = { name: 'handshaking', association };
    association.receive(datagram);
  }

  #done(entry: Entry, association: Association): void {
    entry.cancelTimeout();
    entry.state = { name: 'done', association };
    this.#handshakes -= 1;
    this.#beginNext();
  }

  #fail(legId: LegId, reason: string): void {
    this.#forget(legId);
    this.#options.emit({ type: 'failed', legId, reason });
  }

  #forget(legId: LegId): void {
    const entry = this.#entries.get(legId);
    if (entry === undefined) return;
    this.#entries.delete(legId);
    entry.cancelTimeout();
    const { state } = entry;
    if (state.name === 'handshaking' || state.name === 'done') state.association.end();
    if (state.name === 'waiting') this.#waiting -= 1;
    if (state.name !== 'handshaking') return;
    this.#handshakes -= 1;
    this.#beginNext();
  }

  /** Legs get their turn in the order in which they were opened. */
  #beginNext(): void {
    if (this.#waiting === 0 || this.#handshakes >= MAX_HANDSHAKES) return;
    for (const [legId, entry] of this.#entries) {
      if (entry.state.name !== 'waiting') continue;
      this.#begin(legId, entry, entry.state.datagram);
      return;
    }
  }
}
