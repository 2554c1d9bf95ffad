import { DTMF_KEYS } from './protocol/dtmf.ts';
import type { DtmfKey, DtmfMethod } from './protocol/dtmf.ts';
import type { LegHandover } from './protocol/leg-handover.ts';
import type { LegId, LegMedia } from './protocol/mixer-command.ts';
import type { LegStatistics, MixerEvent, UnheardReport } from './protocol/mixer-event.ts';
import type { DurationMs, MonotonicMs } from './protocol/units.ts';
import { LegRtcp } from './room/leg-rtcp.ts';
import { Leg } from './room/leg.ts';
import type { OpusTuning } from './room/opus-tuning.ts';
import type { SenderState } from './room/packet-sender.ts';
import type { PacketSink } from './room/packet-sink.ts';
import type { RoomMixer } from './room/room-mixer.ts';
import type { RtpHeader } from './rtp/rtp-packet.ts';
import type { IceMux } from './transport/ice/ice-mux.ts';
import { IceTransport } from './transport/ice-transport.ts';
import { LegProtection } from './transport/leg-protection.ts';
import type {
  IncomingPacket,
  LegReceiver,
  LegTransport,
  PacketCounters,
} from './transport/leg-transport.ts';
import type { LegIndex, PacketIo } from './transport/packet-io.ts';
import { SocketTransport } from './transport/socket-transport.ts';
import { UnheardWatch } from './unheard-watch.ts';
import type { Silence } from './unheard-watch.ts';
import type { CreateSrtpSession, SrtpSessionKeys } from './transport/srtp/srtp-session.ts';

/** Records of handshakes that a leg passes on between two looks at it: 200 a second. A handshake takes a dozen. */
const HANDSHAKE_RECORDS = 32;

/** What the mixer's surroundings give it. */
export interface MixerEnvironment {
  readonly io: PacketIo;
  readonly mux: IceMux;
  readonly createSrtp: CreateSrtpSession;
  /** How Opus is encoded on this worker. */
  readonly tuning: OpusTuning;
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
  /** `own`: two ports of its own. `shared`: those of all legs with ICE. */
  readonly ports: 'own' | 'shared';
}

/** One leg with its way to the peer: whether the peer is there, and what goes to and fro. */
export class LegSession {
  readonly index: LegIndex;
  readonly legId: LegId;
  readonly host: string;
  readonly port: number;
  readonly leg: Leg;
  readonly transport: SocketTransport | IceTransport;
  room: RoomMixer | null = null;
  sockets: 'opening' | 'open' = 'opening';
  readonly #environment: MixerEnvironment;
  readonly #protection: LegProtection;
  readonly #rtcp: LegRtcp;
  readonly #cname: string;
  readonly #rtpTimeoutMs: DurationMs;
  readonly #unheard: UnheardWatch;
  #media: LegMedia;
  #notMissedUntilMs: MonotonicMs;
  #silence: 'not-reported' | 'reported' = 'not-reported';
  #dtmfMethod: DtmfMethod | null;
  /** How many more are passed on for now: they cost the main thread a message each. */
  #handshakeRecords = HANDSHAKE_RECORDS;

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
    this.#notMissedUntilMs = nowMs;
    this.#dtmfMethod = state.dtmfMethod;
    this.#protection = new LegProtection(environment.createSrtp);
    this.transport = this.#createTransport(start, nowMs);
    this.#unheard = new UnheardWatch(this.transport.arrivals, nowMs);
    if (state.protection !== undefined) this.#protection.restore(state.protection);
    this.leg = this.#createLeg(state);
    this.#rtcp = this.#createRtcp(nowMs);
  }

  /** The ports are bound: packets may flow. */
  opened(): void {
    this.sockets = 'open';
    if (this.transport instanceof SocketTransport) this.transport.direct();
  }

  /** Takes what a new offer and answer agreed on. */
  update(media: LegMedia, nowMs: MonotonicMs): void {
    this.#media = media;
    this.leg.update(media);
    this.transport.update(media, nowMs);
  }

  /** Takes one packet, from whatever socket. */
  packet(packet: IncomingPacket): void {
    this.transport.receive(packet);
  }

  /** Sends a record of the DTLS server to the peer. */
  sendDtls(bytes: Uint8Array): void {
    this.transport.sendDtls(bytes);
  }

  /** A handshake is done: media may flow. */
  setKeys(keys: SrtpSessionKeys): void {
    this.transport.setKeys(keys);
  }

  /** Does what is due besides audio. Called a few times a second. */
  watch(nowMs: MonotonicMs): void {
    this.#handshakeRecords = HANDSHAKE_RECORDS;
    this.#rtcp.tick(nowMs);
    this.transport.watch(nowMs);
    this.#watchHearing(nowMs);
    // A peer that must not send now is not missed, nor one that holds us: it may send music, and most send nothing.
    const isMissed = this.#media.direction === 'sendrecv' || this.transport instanceof IceTransport;
    if (!isMissed) this.#notMissedUntilMs = nowMs;
    const heardAtMs = Math.max(this.transport.heardAtMs, this.#notMissedUntilMs);
    if (this.#silence === 'reported' || nowMs - heardAtMs < this.#rtpTimeoutMs) return;
    this.#silence = 'reported';
    this.#environment.emit({ type: 'leg-silent', legId: this.legId });
  }

  /** Says goodbye to the peer and frees the ports. */
  close(nowMs: MonotonicMs): void {
    this.#rtcp.bye(nowMs);
    this.transport.close();
  }

  /** Gives up the sockets and returns all that another worker needs to go on; null for a leg without its own. */
  detach(nowMs: MonotonicMs): LegHandover | null {
    if (!(this.transport instanceof SocketTransport)) return null;
    this.transport.park();
    const { in: legIn, out, listenGainDb, music } = this.leg;
    const sender = out.state;
    const telephoneEvent = legIn.telephoneEvents.snapshot();
    const protection = this.#protection.state;
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
      latched: this.transport.latched,
      reception: legIn.statistics.snapshot(),
      ...(telephoneEvent === null ? {} : { telephoneEvent }),
      ...(protection === null ? {} : { protection }),
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
      jitterMs: statistics.jitterMs(this.leg.in.clockRateHz),
      dtmfMethod: this.#dtmfMethod,
    };
  }

  #watchHearing(nowMs: MonotonicMs): void {
    const { transport, legId } = this;
    const ever = this.leg.in.statistics.started ? 'some' : 'none';
    const since = this.#unheard.look(this.#silenceNow, ever, nowMs);
    if (since === 'nothing') return;
    const { reportsIn, fromElsewhere, ofOtherTypes, notOpened, notRtp } = transport.arrivals;
    const report: UnheardReport = {
      since,
      packetsIn: this.leg.in.statistics.packetsReceived,
      ...{ reportsIn, fromElsewhere, ofOtherTypes, notOpened, notRtp },
      source: transport.source,
      security: this.#protection.readiness,
      ice: transport.connectivity(nowMs),
    };
    this.#environment.emit({ type: 'leg-unheard', legId, report });
  }

  /** Comfort noise says that nothing else need come (RFC 3389); Opus may stop in silence unsaid (RFC 7587 §3.1.3). */
  get #silenceNow(): Silence {
    const { direction, codec } = this.#media;
    const isInOrder = direction !== 'sendrecv' || this.leg.in.silenceSaid;
    if (this.sockets === 'opening' || isInOrder) return 'in-order';
    return codec === 'opus' ? 'perhaps-wanted' : 'not-in-order';
  }

  #pressed(key: DtmfKey): void {
    this.#dtmfMethod = 'rfc4733';
    this.leg.key();
    this.#environment.emit({ type: 'dtmf', legId: this.legId, key, method: 'rfc4733' });
  }

  #createTransport(start: SessionStart, nowMs: MonotonicMs): SocketTransport | IceTransport {
    const { index } = start;
    const { media, latched } = start.state;
    const { io, mux, counters } = this.#environment;
    const receiver = this.#createReceiver();
    const parts = { index, receiver, protection: this.#protection, counters, media };
    return start.ports === 'shared'
      ? new IceTransport({ ...parts, mux }, nowMs)
      : new SocketTransport({ ...parts, io, latched }, nowMs);
  }

  #createReceiver(): LegReceiver {
    return {
      knows: (payloadType) => this.leg.in.knows(payloadType),
      rtp: (header: RtpHeader, bytes, atMs) => {
        const event = this.leg.in.packet(header, bytes, atMs);
        const key = event < 0 ? undefined : DTMF_KEYS[event];
        if (key !== undefined) this.#pressed(key);
      },
      rtcp: (bytes, lengthBytes, atMs) => this.#rtcp.packet(bytes, lengthBytes, atMs),
      dtls: (bytes) => this.#dtlsIn(bytes),
    };
  }

  #dtlsIn(bytes: Uint8Array): void {
    const { emit, counters } = this.#environment;
    if (this.#handshakeRecords === 0) {
      counters.packetsRefused += 1;
      return;
    }
    this.#handshakeRecords -= 1;
    emit({ type: 'dtls-in', legId: this.legId, bytes });
  }

  #createSink(): PacketSink {
    const transport: LegTransport = this.transport;
    return {
      sendRtp: (packet) => transport.sendRtp(packet),
      sendRtcp: (packet) => transport.sendRtcp(packet),
    };
  }

  #createLeg(state: LegHandover): Leg {
    const { legId } = this;
    const { emit, tuning } = this.#environment;
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
      sink: this.#createSink(),
      tuning,
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
        sink: this.#createSink(),
        cname: Buffer.from(this.#cname),
        random,
        wallclockOffsetMs,
      },
      nowMs,
    );
  }
}
