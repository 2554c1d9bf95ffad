import type { ProtectionState } from '../protocol/leg-handover.ts';
import type { MediaSecurity, SrtpKeying } from '../protocol/media-security.ts';
import type { CreateSrtpSession, SrtpSession, SrtpSessionKeys } from './srtp/srtp-session.ts';

/** Longest packet that is protected or opened. */
const MAX_PACKET_BYTES = 1600;
/** One for all legs of the thread: what is in it holds until the next packet. */
const PLAIN = new Uint8Array(MAX_PACKET_BYTES);
const PROTECTED = new Uint8Array(MAX_PACKET_BYTES);
/** Views of `PROTECTED` by length, made once each: a view for every packet would be garbage. */
const VIEWS: (Uint8Array | undefined)[] = new Array<Uint8Array | undefined>(
  MAX_PACKET_BYTES + 1,
).fill(undefined);
/** Room that a packet must leave for what protection adds. */
const MAX_PLAIN_BYTES = MAX_PACKET_BYTES - 32;

/**
 * Protects and opens the packets of one leg as its SDP says (`MediaSecurity`): passes them as they are, or by SRTP once
 * there are keys. Before that nothing passes in either direction.
 */
export class LegProtection {
  readonly #create: CreateSrtpSession;
  #security: MediaSecurity['kind'] = 'none';
  #keys: SrtpSessionKeys | null = null;
  #session: SrtpSession | null = null;
  /** Where the last packet that was opened lies. */
  plain: Uint8Array = PLAIN;

  constructor(create: CreateSrtpSession) {
    this.#create = create;
  }

  get kind(): MediaSecurity['kind'] {
    return this.#security;
  }

  /** Whether packets can pass. */
  get readiness(): 'plain' | 'keys-missing' | 'keyed' {
    if (this.#security === 'none') return 'plain';
    return this.#session === null ? 'keys-missing' : 'keyed';
  }

  /** Takes what offer and answer agreed on. Keys of another kind are void; those of a handshake are still to come. */
  update(security: MediaSecurity | undefined): void {
    const before = this.#security;
    this.#security = security?.kind ?? 'none';
    if (security?.kind === 'sdes') this.setKeys(security);
    else if (this.#security !== before) this.#forget();
  }

  /**
   * Takes keys. A direction whose key stays keeps its counters: a peer often changes its own key in a new offer and gets
   * ours again, and under one key no index may be used twice (RFC 3711 §9.1).
   */
  setKeys({ inbound, outbound }: SrtpSessionKeys): void {
    const before = this.state;
    const keepsIn = before !== null && isSame(before.inbound, inbound);
    const keepsOut = before !== null && isSame(before.outbound, outbound);
    if (keepsIn && keepsOut) return;
    const session = this.#create({ inbound, outbound });
    if (before !== null) {
      const { rtcpIndexOut, streamsIn, streamsOut } = before.snapshot;
      session.restore({
        // Never back: it need not begin at 0, and our key of before may come again.
        rtcpIndexOut,
        streamsIn: keepsIn ? streamsIn : [],
        streamsOut: keepsOut ? streamsOut : [],
      });
    }
    this.#keys = { inbound, outbound };
    this.#session = session;
  }

  /** What another worker needs to go on; null where nothing is protected yet. */
  get state(): ProtectionState | null {
    if (this.#session === null || this.#keys === null) return null;
    return { ...this.#keys, snapshot: this.#session.snapshot() };
  }

  restore(state: ProtectionState): void {
    this.setKeys(state);
    this.#session?.restore(state.snapshot);
  }

  /** Opens a packet into `plain`; returns its length, 0 when it is refused. */
  open(kind: 'rtp' | 'rtcp', bytes: Uint8Array, lengthBytes: number): number {
    if (this.#security === 'none') {
      this.plain = bytes;
      return lengthBytes;
    }
    const session = this.#session;
    if (session === null || lengthBytes > MAX_PACKET_BYTES) return 0;
    this.plain = PLAIN;
    return kind === 'rtp'
      ? session.unprotectRtp(bytes, lengthBytes, PLAIN)
      : session.unprotectRtcp(bytes, lengthBytes, PLAIN);
  }

  /** The packet as it goes out, until the next call; null when it must not. */
  seal(kind: 'rtp' | 'rtcp', packet: Uint8Array): Uint8Array | null {
    if (this.#security === 'none') return packet;
    const session = this.#session;
    if (session === null || packet.length > MAX_PLAIN_BYTES) return null;
    const length =
      kind === 'rtp'
        ? session.protectRtp(packet, packet.length, PROTECTED)
        : session.protectRtcp(packet, packet.length, PROTECTED);
    return length === 0 ? null : viewOf(length);
  }

  #forget(): void {
    this.#session = null;
    this.#keys = null;
  }
}

function viewOf(length: number): Uint8Array {
  const known = VIEWS[length];
  if (known !== undefined) return known;
  const view = PROTECTED.subarray(0, length);
  VIEWS[length] = view;
  return view;
}

function isSame(one: SrtpKeying, other: SrtpKeying): boolean {
  return (
    one.profile === other.profile &&
    haveEqualBytes(one.masterKey, other.masterKey) &&
    haveEqualBytes(one.masterSalt, other.masterSalt)
  );
}

function haveEqualBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
