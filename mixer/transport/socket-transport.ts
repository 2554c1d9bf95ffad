import type { LegMedia, MediaAddress } from '../protocol/mixer-command.ts';
import type { MonotonicMs } from '../protocol/units.ts';
import { parseRtpPacket, RtpHeader } from '../rtp/rtp-packet.ts';
import type { LegProtection } from './leg-protection.ts';
import { isDtls, isRtcp, noArrivals } from './leg-transport.ts';
import type { IncomingPacket, LegReceiver, LegTransport, PacketCounters } from './leg-transport.ts';
import type { LegIndex, ListensTo, PacketIo } from './packet-io.ts';
import { SymmetricRtp } from './symmetric-rtp.ts';
import type { RtpSource } from './symmetric-rtp.ts';
import type { SrtpSessionKeys } from './srtp/srtp-session.ts';

/** What a transport over a leg's own two sockets is made from. */
export interface SocketTransportParts {
  readonly index: LegIndex;
  readonly io: PacketIo;
  readonly receiver: LegReceiver;
  readonly protection: LegProtection;
  readonly counters: PacketCounters;
  readonly media: LegMedia;
  /** What another worker has found out already, or null. */
  readonly latched: MediaAddress | null;
}

/** What is read from a packet. One for all legs of the thread: it holds only while the packet is looked at. */
const HEADER = new RtpHeader();
const SOURCE: RtpSource = { host: '', port: 0, ssrc: 0, sequenceNumber: 0, atMs: 0 };

/** A leg with two sockets of its own, whose peer is found by symmetric RTP: telephones and trunks. */
export class SocketTransport implements LegTransport {
  heardAtMs: MonotonicMs;
  readonly arrivals = noArrivals();
  readonly #parts: SocketTransportParts;
  readonly #symmetric: SymmetricRtp;
  #media: LegMedia;
  #listensTo: ListensTo = 'everybody';

  constructor(parts: SocketTransportParts, nowMs: MonotonicMs) {
    this.#parts = parts;
    this.#media = parts.media;
    this.heardAtMs = nowMs;
    this.#symmetric = new SymmetricRtp(parts.media.remote, parts.latched, nowMs);
    parts.protection.update(parts.media.security);
  }

  /** The source that packets come from, or null while none is known. */
  get latched(): MediaAddress | null {
    return this.#symmetric.latched;
  }

  get source(): 'latched' | 'not-latched' {
    return this.#symmetric.latched === null ? 'not-latched' : 'latched';
  }

  connectivity(): 'none' {
    return 'none';
  }

  /** Sends to where the peer is now: the ports are bound, or the peer has moved. */
  direct(): void {
    const { io, index } = this.#parts;
    const { host, port } = this.#symmetric;
    const declared = this.#media.remoteRtcp;
    const rtcp: MediaAddress =
      declared !== null && declared.host === host ? declared : { host, port: port + 1 };
    this.#listensTo = 'everybody';
    io.setListensTo(index, 'everybody');
    io.setDestination(index, 'rtp', { host, port });
    io.setDestination(index, 'rtcp', rtcp);
  }

  receive(packet: IncomingPacket): void {
    if (packet.kind === 'rtcp') return this.#rtcpIn(packet);
    if (this.#parts.protection.kind === 'dtls' && isDtls(packet.bytes)) return this.#dtlsIn(packet);
    if (this.#media.rtcp === 'mux' && isRtcp(packet.bytes, packet.lengthBytes)) {
      return this.#rtcpIn(packet);
    }
    this.#rtpIn(packet);
  }

  sendRtp(packet: Uint8Array): void {
    const { io, index, protection, counters } = this.#parts;
    const sealed = protection.seal('rtp', packet);
    if (sealed === null) return;
    counters.packetsOut += 1;
    io.send(index, 'rtp', sealed);
  }

  sendRtcp(packet: Uint8Array): void {
    const { io, index, protection } = this.#parts;
    const sealed = protection.seal('rtcp', packet);
    if (sealed !== null) io.send(index, this.#media.rtcp === 'mux' ? 'rtp' : 'rtcp', sealed);
  }

  sendDtls(bytes: Uint8Array): void {
    this.#parts.io.send(this.#parts.index, 'rtp', bytes);
  }

  update(media: LegMedia): void {
    this.#media = media;
    this.#parts.protection.update(media.security);
    this.#symmetric.declare(media.remote);
    this.direct();
  }

  setKeys(keys: SrtpSessionKeys): void {
    if (this.#parts.protection.kind === 'dtls') this.#parts.protection.setKeys(keys);
  }

  watch(nowMs: MonotonicMs): void {
    const listensTo = this.#symmetric.listensTo(nowMs);
    if (listensTo === this.#listensTo) return;
    this.#listensTo = listensTo;
    this.#parts.io.setListensTo(this.#parts.index, listensTo);
  }

  close(): void {
    this.#parts.io.close(this.#parts.index);
  }

  /** Gives up the sockets for another worker. */
  park(): void {
    this.#parts.io.park(this.#parts.index);
  }

  #rtpIn(packet: IncomingPacket): void {
    const { protection, receiver, counters } = this.#parts;
    const { arrivals } = this;
    const header = HEADER;
    const length = protection.open('rtp', packet.bytes, packet.lengthBytes);
    const { plain } = protection;
    if (length === 0) arrivals.notOpened += 1;
    else if (!parseRtpPacket(plain, length, header)) arrivals.notRtp += 1;
    else if (!receiver.knows(header.payloadType)) arrivals.ofOtherTypes += 1;
    else if (!this.#isFromPeer(header, packet)) arrivals.fromElsewhere += 1;
    else {
      counters.packetsIn += 1;
      this.heardAtMs = packet.atMs;
      arrivals.rtpAtMs = packet.atMs;
      receiver.rtp(header, plain, packet.atMs);
      return;
    }
    counters.packetsRefused += 1;
  }

  #isFromPeer(header: RtpHeader, packet: IncomingPacket): boolean {
    const source = SOURCE;
    source.host = packet.sourceHost;
    source.port = packet.sourcePort;
    source.ssrc = header.ssrc;
    source.sequenceNumber = header.sequenceNumber;
    source.atMs = packet.atMs;
    const verdict = this.#symmetric.judge(source);
    if (verdict === 'latch') this.direct();
    return verdict !== 'refuse';
  }

  #rtcpIn(packet: IncomingPacket): void {
    const { protection, receiver, counters } = this.#parts;
    const known =
      packet.sourceHost === this.#symmetric.host ||
      packet.sourceHost === this.#media.remoteRtcp?.host;
    const length = known ? protection.open('rtcp', packet.bytes, packet.lengthBytes) : 0;
    const outcome = length === 0 ? 'refused' : receiver.rtcp(protection.plain, length, packet.atMs);
    if (outcome === 'refused') {
      counters.packetsRefused += 1;
      return;
    }
    this.heardAtMs = packet.atMs;
    this.arrivals.rtcpAtMs = packet.atMs;
    this.arrivals.reportsIn += 1;
  }

  /** Until media has proven where the peer is, a handshake is answered where it comes from. */
  #dtlsIn(packet: IncomingPacket): void {
    const { io, index, receiver } = this.#parts;
    if (this.#symmetric.latched === null) {
      io.setDestination(index, 'rtp', { host: packet.sourceHost, port: packet.sourcePort });
    }
    receiver.dtls(packet.bytes.slice(0, packet.lengthBytes));
  }
}
