import { MixerCore } from '../../mixer/mixer-core.ts';
import { createNodeSrtpSession } from '../../mixer/transport/srtp/node-srtp.ts';
import type { ClipBank, LegMedia, MixerCommand } from '../../mixer/protocol/mixer-command.ts';
import type { MixerEvent } from '../../mixer/protocol/mixer-event.ts';
import { alawToLinear, linearToAlaw } from '../support/g711.ts';
import { noSharedPorts } from '../support/no-shared-ports.ts';
import { MemoryPacketIo } from '../support/memory-packet-io.ts';

/** Media of a plain A-law telephone. */
export const TELEPHONE: LegMedia = {
  codec: 'PCMA',
  payloadTypeOut: 8,
  payloadTypesIn: [
    { payloadType: 8, codec: 'PCMA' },
    { payloadType: 0, codec: 'PCMU' },
  ],
  telephoneEventPayloadType: 101,
  comfortNoisePayloadType: 13,
  ptimeOutMs: 20,
  remote: { host: '127.0.0.1', port: 20_000 },
  remoteRtcp: null,
  direction: 'sendrecv',
};

/** A telephone at the other end of a leg: what it sends next, and all that it has got. */
export interface StagePhone {
  readonly legId: string;
  readonly index: number;
  readonly host: string;
  readonly port: number;
  sequenceNumber: number;
  rtpTimestamp: number;
  /** RTP packets that it got, whole. */
  readonly got: Uint8Array[];
  readonly gotRtcp: Uint8Array[];
}

/** A mixer with a network in memory and a clock that is moved by hand. */
export class MixerStage {
  readonly io: MemoryPacketIo;
  readonly core: MixerCore;
  readonly events: MixerEvent[] = [];
  readonly phones = new Map<string, StagePhone>();
  nowMs = 1000;
  #seed = 1;

  constructor(io = new MemoryPacketIo()) {
    this.io = io;
    this.core = new MixerCore({
      io,
      createMux: () => noSharedPorts(),
      createSrtp: createNodeSrtpSession,
      emit: (event) => this.events.push(event),
      random: () => this.random(),
      wallclockOffsetMs: 1_700_000_000_000,
    });
    io.onSent = (legIndex, kind, packet) => {
      for (const phone of this.phones.values()) {
        if (phone.index !== legIndex) continue;
        (kind === 'rtp' ? phone.got : phone.gotRtcp).push(packet.slice());
      }
    };
  }

  /** Chance that repeats from run to run: from 0 up to 1. */
  random(): number {
    this.#seed = (Math.imul(this.#seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return this.#seed / 0x80000000;
  }

  command(command: MixerCommand): void {
    this.core.handle(command, this.nowMs);
  }

  /** Opens a leg; `media` replaces what is agreed on by default. Its phone sends from the address of its SDP. */
  open(legId: string, media: Partial<LegMedia> = {}): StagePhone {
    const number = this.phones.size;
    const port = 10_000 + 2 * number;
    const remote = { host: '127.0.0.1', port: 20_000 + 2 * number };
    this.phones.delete(legId);
    this.command({
      type: 'open-leg',
      legId,
      host: '127.0.0.1',
      port,
      media: { ...TELEPHONE, remote, ...media },
      rtpTimeoutMs: 60_000,
    });
    const phone: StagePhone = {
      legId,
      index: this.io.indexOfPort(port),
      ...(media.remote ?? remote),
      sequenceNumber: 65_530,
      rtpTimestamp: 4_294_960_000,
      got: [],
      gotRtcp: [],
    };
    this.phones.set(legId, phone);
    return phone;
  }

  /** Opens a room and legs in it. */
  room(roomId: string, ...legIds: readonly string[]): readonly StagePhone[] {
    this.command({ type: 'open-room', roomId });
    return legIds.map((legId) => {
      const phone = this.open(legId);
      this.command({ type: 'join-room', legId, roomId });
      return phone;
    });
  }

  /** Lets a phone send one packet of 20 ms: all samples of the same value, or these bytes of this type. */
  say(
    phone: StagePhone,
    what: number | { readonly payloadType: number; readonly bytes: Uint8Array },
  ): void {
    const payloadType = typeof what === 'number' ? 8 : what.payloadType;
    const payload =
      typeof what === 'number' ? new Uint8Array(160).fill(linearToAlaw(what)) : what.bytes;
    const packet = rtpPacket({ ...phone, payloadType, ssrc: phone.port, payload });
    phone.sequenceNumber = (phone.sequenceNumber + 1) & 0xffff;
    phone.rtpTimestamp = (phone.rtpTimestamp + 160) >>> 0;
    this.deliver(phone, packet);
  }

  /** Lets raw bytes arrive at a leg from its phone, or from somewhere else. */
  deliver(
    phone: StagePhone,
    bytes: Uint8Array,
    from: { readonly host: string; readonly port: number } = phone,
  ): void {
    this.io.deliver({ legIndex: phone.index, kind: 'rtp', atMs: this.nowMs }, from, bytes);
  }

  /** Runs one tick 20 ms later. */
  tick(): void {
    this.nowMs += 20;
    this.core.tick(this.nowMs);
  }

  /** Runs `ticks` ticks in which these phones speak: pairs of phone and sample value. */
  run(ticks: number, ...voices: readonly (readonly [StagePhone, number])[]): void {
    for (let i = 0; i < ticks; i += 1) {
      for (const [phone, value] of voices) this.say(phone, value);
      this.tick();
    }
  }

  /** Events of one kind so far. */
  eventsOf<Type extends MixerEvent['type']>(
    type: Type,
  ): readonly Extract<MixerEvent, { type: Type }>[] {
    return this.events.filter(
      (event): event is Extract<MixerEvent, { type: Type }> => event.type === type,
    );
  }
}

/** An RTP packet without extensions. */
export function rtpPacket(fields: {
  readonly payloadType: number;
  readonly sequenceNumber: number;
  readonly rtpTimestamp: number;
  readonly ssrc: number;
  readonly payload: Uint8Array;
  readonly marker?: boolean;
}): Uint8Array {
  const packet = Buffer.alloc(12 + fields.payload.length);
  packet.writeUInt8(0x80, 0);
  packet.writeUInt8((fields.marker === true ? 0x80 : 0) | fields.payloadType, 1);
  packet.writeUInt16BE(fields.sequenceNumber, 2);
  packet.writeUInt32BE(fields.rtpTimestamp, 4);
  packet.writeUInt32BE(fields.ssrc, 8);
  packet.set(fields.payload, 12);
  return packet;
}

/** Header fields and A-law audio of a packet that a phone got. */
export function readPacket(packet: Uint8Array | undefined): {
  readonly payloadType: number;
  readonly marker: boolean;
  readonly sequenceNumber: number;
  readonly rtpTimestamp: number;
  readonly ssrc: number;
  readonly samples: readonly number[];
} {
  if (packet === undefined) throw new Error('the phone got no packet');
  const bytes = Buffer.from(packet);
  return {
    payloadType: bytes.readUInt8(1) & 0x7f,
    marker: (bytes.readUInt8(1) & 0x80) !== 0,
    sequenceNumber: bytes.readUInt16BE(2),
    rtpTimestamp: bytes.readUInt32BE(4),
    ssrc: bytes.readUInt32BE(8),
    samples: [...bytes.subarray(12)].map(alawToLinear),
  };
}

/** A clip bank in which each clip is one value throughout: `[name, value, lengthSamples]`. */
export function clipBank(
  clips: readonly (readonly [string, number, number])[],
  sampleRateHz = 8000,
): ClipBank {
  const total = clips.reduce((sum, [, , length]) => sum + length, 0);
  const samples = new SharedArrayBuffer(2 * total);
  const view = new Int16Array(samples);
  const table: Record<string, { offsetSamples: number; lengthSamples: number }> = {};
  let offsetSamples = 0;
  for (const [name, value, lengthSamples] of clips) {
    view.fill(value, offsetSamples, offsetSamples + lengthSamples);
    table[name] = { offsetSamples, lengthSamples };
    offsetSamples += lengthSamples;
  }
  return { sampleRateHz, samples, clips: table };
}

/** Value of the last sample that a phone got. */
export function lastHeard(phone: StagePhone | undefined): number {
  return readPacket(phone?.got.at(-1)).samples.at(-1) ?? 0;
}

/** Whether a value is another but for the steps of A-law. */
export function isAbout(value: number, wanted: number): boolean {
  return Math.abs(value - wanted) <= Math.max(16, Math.abs(wanted) / 20);
}
