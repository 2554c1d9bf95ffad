import { DTMF_KEYS } from './protocol/dtmf.ts';
import type { DtmfKey, DtmfMethod } from './protocol/dtmf.ts';
import type { LegHandover } from './protocol/leg-handover.ts';
import type { LegId, LegMedia, MediaAddress } from './protocol/mixer-command.ts';
import type { LegStatistics, MixerEvent } from './protocol/mixer-event.ts';
import type { DurationMs, MonotonicMs } from './protocol/units.ts';
import { LegRtcp } from './room/leg-rtcp.ts';
import { Leg } from './room/leg.ts';
import { MIX_RATE_HZ } from './room/mix-format.ts';
import type { SenderState } from './room/leg-out.ts';
import type { PacketSink } from './room/packet-sink.ts';
import type { RoomMixer } from './room/room-mixer.ts';
import { parseRtpPacket, RtpHeader } from './rtp/rtp-packet.ts';
import type { LegIndex, ListensTo, PacketIo, ReceivedPacket } from './transport/packet-io.ts';
import { SymmetricRtp } from './transport/symmetric-rtp.ts';
import type { RtpSource } from './transport/symmetric-rtp.ts';

/** Packets of all legs since the figures were last taken. Refused: no RTP, of an unknown type, or a stranger's. */
export interface PacketCounters {
  packetsIn: number;
  packetsOut: number;
  packetsRefused: number;
}

/** What the mixer's surroundings give it. */
export interface MixerEnvironment {
  readonly io: PacketIo;
  readonly emit: (event: MixerEvent) => void;
  /** A number from 0 up to 1, anew each time; cryptographic in the product (RFC 3550 §8.1). */
  readonly random: () => number;
  /** Wallclock minus monotonic time. */
  readonly wallclockOffsetMs: DurationMs;
  readonly counters: PacketCounters;
}

/** What a session begins with: all of a handover, or made up for a leg that is new. */
export interface SessionStart {
  readonly index: LegIndex;
  readonly legId: LegId;
  readonly state: LegHandover;
}

/** What is read from a packet. One for all legs of the thread: it holds only while the packet is looked at. */
const HEADER = new RtpHeader();
const SOURCE: RtpSource = { host: '', port: 0, ssrc: 0, sequenceNumber: 0, atMs: 0 };

/** One leg with its sockets: who its peer is, whether the peer is there, and what goes to and fro. */
export class LegSession {
  readonly index: LegIndex;
  readonly legId: LegId;
  readonly host: string;
  readonly port: number;
  readonly leg: Leg;
  room: RoomMixer | null = null;
  sockets: 'opening' | 'open' = 'opening';
  readonly #environment: MixerEnvironment;
  readonly #sink: PacketSink;
  readonly #rtcp: LegRtcp;
  readonly #symmetric: SymmetricRtp;
  readonly #cname: string;
  readonly #rtpTimeoutMs: DurationMs;
  #media: LegMedia;
  #listensTo: ListensTo = 'everybody';
  #heardAtMs: MonotonicMs;
  #silence: 'not-reported' | 'reported' = 'not-reported';
  #dtmfMethod: DtmfMethod | null;

  constructor(start: SessionStart, environment: MixerEnvironment, nowMs: MonotonicMs) {
    const { state } = start;
    this.index = start.index;
    this.legId = start.legId;
    this.host = state.host;
    this.port = state.port;
    this.#media = state.media;
    this.#environment = environment;
    this.#rtpTimeoutMs = state.rtpTimeoutMs;
    this.#cname = state.cname;
    this.#heardAtMs = nowMs;
    this.#dtmfMethod = state.dtmfMethod;
    this.#symmetric = new SymmetricRtp(state.media.remote, state.latched, nowMs);
    this.#sink = this.#createSink();
    this.leg = this.#createLeg(state);
    this.#rtcp = this.#createRtcp(nowMs);
  }

  /** The ports are bound: packets may flow. */
  opened(): void {
    this.sockets = 'open';
    this.#direct();
  }

  /** Takes what a new offer and answer agreed on. */
  update(media: LegMedia): void {
    this.#media = media;
    this.leg.update(media);
    this.#symmetric.declare(media.remote);
    this.#direct();
  }

  /** Takes one packet from either socket. */
  packet(packet: ReceivedPacket): void {
    if (packet.kind === 'rtp') this.#rtpIn(packet);
    else this.#rtcpIn(packet);
  }

  /** Does what is due besides audio. Called a few times a second. */
  watch(nowMs: MonotonicMs): void {
    this.#rtcp.tick(nowMs);
    const listensTo = this.#symmetric.listensTo(nowMs);
    if (listensTo !== this.#listensTo) {
      this.#listensTo = listensTo;
      this.#environment.io.setListensTo(this.index, listensTo);
    }
    // A peer that must not send now is not missed, nor one that holds us: it may send music, and most send nothing.
    if (this.#media.direction !== 'sendrecv') this.#heardAtMs = nowMs;
    if (this.#silence === 'reported' || nowMs - this.#heardAtMs < this.#rtpTimeoutMs) return;
    this.#silence = 'reported';
    this.#environment.emit({ type: 'leg-silent', legId: this.legId });
  }

  /** Says goodbye to the peer and frees the ports. */
  close(nowMs: MonotonicMs): void {
    this.#rtcp.bye(nowMs);
    this.#environment.io.close(this.index);
  }

  /** Gives up the sockets and returns all that another worker needs to go on. */
  detach(nowMs: MonotonicMs): LegHandover {
    this.#environment.io.park(this.index);
    const { in: legIn, out, listenGainDb, music } = this.leg;
    const sender = out.state;
    const telephoneEvent = legIn.telephoneEvents.snapshot();
    return {
      host: this.host,
      port: this.port,
      media: this.#media,
      rtpTimeoutMs: this.#rtpTimeoutMs,
      ssrcOut: sender.ssrc,
      cname: this.#cname,
      sequenceNumberOut: sender.sequenceNumber,
      rtpTimestampOut: sender.rtpTimestamp,
      packetsOut: sender.packets,
      octetsOut: sender.octets,
      dueAtMs: nowMs,
      latched: this.#symmetric.latched,
      reception: legIn.statistics.snapshot(),
      ...(telephoneEvent === null ? {} : { telephoneEvent }),
      dtmfMethod: this.#dtmfMethod,
      microphone: legIn.microphone,
      talkGainDb: legIn.talkGainDb,
      listenGainDb,
      music,
    };
  }

  /** Final figures. */
  get statistics(): LegStatistics {
    const { statistics } = this.leg.in;
    return {
      packetsIn: statistics.packetsReceived,
      packetsOut: this.leg.out.packets,
      packetsLost: statistics.packetsLost,
      jitterMs: statistics.jitterMs(MIX_RATE_HZ),
      dtmfMethod: this.#dtmfMethod,
    };
  }

  #rtpIn(packet: ReceivedPacket): void {
    const header = HEADER;
    const isRtp = parseRtpPacket(packet.bytes, packet.lengthBytes, header);
    if (!isRtp || !this.leg.in.knows(header.payloadType)) {
      this.#environment.counters.packetsRefused += 1;
      return;
    }
    const source = SOURCE;
    source.host = packet.sourceHost;
    source.port = packet.sourcePort;
    source.ssrc = header.ssrc;
    source.sequenceNumber = header.sequenceNumber;
    source.atMs = packet.atMs;
    const verdict = this.#symmetric.judge(source);
    if (verdict === 'refuse') {
      this.#environment.counters.packetsRefused += 1;
      return;
    }
    if (verdict === 'latch') this.#direct();
    this.#environment.counters.packetsIn += 1;
    this.#heardAtMs = packet.atMs;
    const event = this.leg.in.packet(header, packet.bytes, packet.atMs);
    const key = event < 0 ? undefined : DTMF_KEYS[event];
    if (key !== undefined) this.#pressed(key);
  }

  #rtcpIn(packet: ReceivedPacket): void {
    const known =
      packet.sourceHost === this.#symmetric.host ||
      packet.sourceHost === this.#media.remoteRtcp?.host;
    const { bytes, lengthBytes, atMs } = packet;
    if (known && this.#rtcp.packet(bytes, lengthBytes, atMs) === 'accepted') this.#heardAtMs = atMs;
    else this.#environment.counters.packetsRefused += 1;
  }

  #pressed(key: DtmfKey): void {
    this.#dtmfMethod = 'rfc4733';
    this.leg.key();
    this.#environment.emit({ type: 'dtmf', legId: this.legId, key, method: 'rfc4733' });
  }

  /** Sends to where the peer is now. */
  #direct(): void {
    const { io } = this.#environment;
    const { host, port } = this.#symmetric;
    const declared = this.#media.remoteRtcp;
    const rtcp: MediaAddress =
      declared !== null && declared.host === host ? declared : { host, port: port + 1 };
    this.#listensTo = 'everybody';
    io.setListensTo(this.index, 'everybody');
    io.setDestination(this.index, 'rtp', { host, port });
    io.setDestination(this.index, 'rtcp', rtcp);
  }

  #createSink(): PacketSink {
    const { index } = this;
    const { io, counters } = this.#environment;
    return {
      sendRtp: (packet) => {
        counters.packetsOut += 1;
        io.send(index, 'rtp', packet);
      },
      sendRtcp: (packet) => io.send(index, 'rtcp', packet),
    };
  }

  #createLeg(state: LegHandover): Leg {
    const { legId } = this;
    const { emit } = this.#environment;
    const sender: SenderState = {
      ssrc: state.ssrcOut,
      sequenceNumber: state.sequenceNumberOut,
      rtpTimestamp: state.rtpTimestampOut,
      packets: state.packetsOut,
      octets: state.octetsOut,
    };
    const leg = new Leg({
      legId,
      media: state.media,
      sender,
      sink: this.#sink,
      playEnded: (playId, outcome) => emit({ type: 'play-ended', playId, legId, outcome }),
    });
    if (state.reception.started) leg.in.statistics.restore(state.reception);
    if (state.telephoneEvent !== undefined) leg.in.telephoneEvents.restore(state.telephoneEvent);
    leg.setMicrophone(state.microphone);
    leg.setGains(state);
    leg.setMusic(state.music);
    return leg;
  }

  #createRtcp(nowMs: MonotonicMs): LegRtcp {
    const { leg } = this;
    const { random, wallclockOffsetMs } = this.#environment;
    return new LegRtcp(
      {
        out: leg.out,
        statistics: leg.in.statistics,
        sink: this.#sink,
        cname: Buffer.from(this.#cname),
        random,
        wallclockOffsetMs,
      },
      nowMs,
    );
  }
}
