import type { LegMedia } from '../protocol/mixer-command.ts';
import type { MonotonicMs } from '../protocol/units.ts';
import { parseRtpPacket, RtpHeader } from '../rtp/rtp-packet.ts';
import type { IceMux } from './ice/ice-mux.ts';
import type { LegProtection } from './leg-protection.ts';
import { isRtcp, noArrivals } from './leg-transport.ts';
import type { IncomingPacket, LegReceiver, LegTransport, PacketCounters } from './leg-transport.ts';
import type { LegIndex } from './packet-io.ts';
import type { SrtpSessionKeys } from './srtp/srtp-session.ts';

/** What a transport over shared ports is made from. */
export interface IceTransportParts {
  readonly index: LegIndex;
  readonly mux: IceMux;
  readonly receiver: LegReceiver;
  readonly protection: LegProtection;
  readonly counters: PacketCounters;
  readonly media: LegMedia;
}

/** Packets that are opened between two looks at a leg, 160 ms: a hundred times what audio needs, and 5 ms of work. */
const MAX_PACKETS = 1000;

/** What is read from a packet. One for all legs of the thread: it holds only while the packet is looked at. */
const HEADER = new RtpHeader();

/** A leg on the ports that all browsers of a worker share; its peer is where its connectivity checks come from. */
export class IceTransport implements LegTransport {
  heardAtMs: MonotonicMs;
  readonly arrivals = noArrivals();
  /** Whose checks are right is the peer. */
  readonly source = 'latched';
  readonly #parts: IceTransportParts;
  /** How many more are opened for now: a flood over a path of its own must not hold up the other legs. */
  #packetsLeft = MAX_PACKETS;

  constructor(parts: IceTransportParts, nowMs: MonotonicMs) {
    this.#parts = parts;
    this.heardAtMs = nowMs;
    parts.protection.update(parts.media.security);
  }

  /** Answers the peer's checks from now on; `refused`: without credentials, or with some that are taken. */
  open(nowMs: MonotonicMs): 'opened' | 'refused' {
    const { mux, index, media } = this.#parts;
    if (media.ice === undefined) return 'refused';
    return mux.add(index, media.ice, nowMs) === 'added' ? 'opened' : 'refused';
  }

  connectivity(nowMs: MonotonicMs): 'not-connected' | 'connected' {
    const { mux, index } = this.#parts;
    return mux.state(index, nowMs) === 'connected' ? 'connected' : 'not-connected';
  }

  receive(packet: IncomingPacket): void {
    if (packet.kind === 'dtls') {
      this.#parts.receiver.dtls(packet.bytes.slice(0, packet.lengthBytes));
      return;
    }
    if (this.#packetsLeft === 0) {
      this.#parts.counters.packetsRefused += 1;
      return;
    }
    this.#packetsLeft -= 1;
    if (isRtcp(packet.bytes, packet.lengthBytes)) this.#rtcpIn(packet);
    else this.#rtpIn(packet);
  }

  sendRtp(packet: Uint8Array): void {
    const { mux, index, protection, counters } = this.#parts;
    const sealed = protection.seal('rtp', packet);
    if (sealed === null) return;
    counters.packetsOut += 1;
    mux.send(index, sealed);
  }

  sendRtcp(packet: Uint8Array): void {
    const { mux, index, protection } = this.#parts;
    const sealed = protection.seal('rtcp', packet);
    if (sealed !== null) mux.send(index, sealed);
  }

  sendDtls(bytes: Uint8Array): void {
    this.#parts.mux.send(this.#parts.index, bytes);
  }

  update(media: LegMedia, nowMs: MonotonicMs): void {
    const { mux, index, protection } = this.#parts;
    protection.update(media.security);
    if (media.ice !== undefined) mux.update(index, media.ice, nowMs);
  }

  setKeys(keys: SrtpSessionKeys): void {
    this.#parts.protection.setKeys(keys);
  }

  /** Consent is life: a browser that is muted may send nothing else for a long time (RFC 7675). */
  watch(nowMs: MonotonicMs): void {
    this.#packetsLeft = MAX_PACKETS;
    if (this.connectivity(nowMs) === 'connected') this.heardAtMs = nowMs;
  }

  close(): void {
    this.#parts.mux.flush();
    this.#parts.mux.remove(this.#parts.index);
  }

  #rtpIn(packet: IncomingPacket): void {
    const { protection, receiver, counters } = this.#parts;
    const { arrivals } = this;
    const length = protection.open('rtp', packet.bytes, packet.lengthBytes);
    if (length === 0) arrivals.notOpened += 1;
    else if (!parseRtpPacket(protection.plain, length, HEADER)) arrivals.notRtp += 1;
    else if (!receiver.knows(HEADER.payloadType)) arrivals.ofOtherTypes += 1;
    else {
      counters.packetsIn += 1;
      arrivals.rtpAtMs = packet.atMs;
      receiver.rtp(HEADER, protection.plain, packet.atMs);
      return;
    }
    counters.packetsRefused += 1;
  }

  #rtcpIn(packet: IncomingPacket): void {
    const { protection, receiver, counters } = this.#parts;
    const length = protection.open('rtcp', packet.bytes, packet.lengthBytes);
    const outcome = length === 0 ? 'refused' : receiver.rtcp(protection.plain, length, packet.atMs);
    if (outcome === 'refused') {
      counters.packetsRefused += 1;
      return;
    }
    this.arrivals.rtcpAtMs = packet.atMs;
    this.arrivals.reportsIn += 1;
  }
}
