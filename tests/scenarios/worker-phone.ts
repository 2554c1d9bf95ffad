import { createSocket } from 'node:dgram';
import type { RemoteInfo, Socket } from 'node:dgram';
import { once } from 'node:events';
import type { LegMedia } from '../../mixer/protocol/mixer-command.ts';
import { alawToLinear, linearToAlaw } from '../support/g711.ts';

const PACKET_MS = 20;
const PACKET_SAMPLES = 160;

/** A packet that the phone has received. */
export interface HeardPacket {
  readonly atMs: number;
  readonly marker: boolean;
  readonly payloadType: number;
  readonly sequenceNumber: number;
  readonly rtpTimestamp: number;
  readonly ssrc: number;
  readonly payload: Buffer;
  readonly sourcePort: number;
}

/** A bare RTP endpoint that speaks A-law: says a tone, and keeps what it hears. */
export class WorkerPhone {
  readonly heard: HeardPacket[] = [];
  readonly #socket: Socket;
  readonly #toneHz: number;
  #toPort = 0;
  #sequenceNumber = 65_500;
  #rtpTimestamp = 4_294_960_000;
  #timer: NodeJS.Timeout | null = null;

  private constructor(socket: Socket, toneHz: number) {
    this.#socket = socket;
    this.#toneHz = toneHz;
    socket.on('message', (bytes, source) => this.#receive(bytes, source));
  }

  /** `toneHz` 0 says silence. */
  static async create(toneHz: number): Promise<WorkerPhone> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new WorkerPhone(socket, toneHz);
  }

  /** What its offer and our answer would have agreed on. */
  get media(): LegMedia {
    return {
      codec: 'PCMA',
      payloadTypeOut: 8,
      payloadTypesIn: [{ payloadType: 8, codec: 'PCMA' }],
      telephoneEventPayloadType: 101,
      comfortNoisePayloadType: null,
      ptimeOutMs: 20,
      remote: { host: '127.0.0.1', port: this.#socket.address().port },
      remoteRtcp: null,
      direction: 'sendrecv',
    };
  }

  /** Packets sent so far. */
  sentPackets = 0;

  /** Sends a packet every 20 ms from now on. */
  speakTo(port: number): void {
    this.#toPort = port;
    const startMs = performance.now();
    let packets = 0;
    this.#timer = setInterval(() => {
      // A timer drifts: as many packets as are due.
      while (packets * PACKET_MS <= performance.now() - startMs) {
        this.#speak();
        packets += 1;
      }
    }, 5);
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#socket.close();
  }

  /** Level of a tone in the audio of these packets, as amplitude. */
  static amplitudeOf(toneHz: number, packets: readonly HeardPacket[]): number {
    let real = 0;
    let imaginary = 0;
    let count = 0;
    for (const { payload } of packets) {
      for (const octet of payload) {
        const angle = (2 * Math.PI * toneHz * count) / 8000;
        real += alawToLinear(octet) * Math.cos(angle);
        imaginary += alawToLinear(octet) * Math.sin(angle);
        count += 1;
      }
    }
    return count === 0 ? 0 : (2 * Math.hypot(real, imaginary)) / count;
  }

  #speak(): void {
    const packet = Buffer.alloc(12 + PACKET_SAMPLES);
    packet.writeUInt8(0x80, 0);
    packet.writeUInt8(8, 1);
    packet.writeUInt16BE(this.#sequenceNumber, 2);
    packet.writeUInt32BE(this.#rtpTimestamp, 4);
    packet.writeUInt32BE(0x5eed0000 + this.#toneHz, 8);
    for (let i = 0; i < PACKET_SAMPLES; i += 1) {
      const at = (this.sentPackets * PACKET_SAMPLES + i) / 8000;
      const sample = this.#toneHz === 0 ? 0 : 8000 * Math.sin(2 * Math.PI * this.#toneHz * at);
      packet.writeUInt8(linearToAlaw(Math.round(sample)), 12 + i);
    }
    this.#socket.send(packet, this.#toPort, '127.0.0.1');
    this.#sequenceNumber = (this.#sequenceNumber + 1) & 0xffff;
    this.#rtpTimestamp = (this.#rtpTimestamp + PACKET_SAMPLES) >>> 0;
    this.sentPackets += 1;
  }

  #receive(bytes: Buffer, source: RemoteInfo): void {
    this.heard.push({
      atMs: performance.now(),
      marker: (bytes.readUInt8(1) & 0x80) !== 0,
      payloadType: bytes.readUInt8(1) & 0x7f,
      sequenceNumber: bytes.readUInt16BE(2),
      rtpTimestamp: bytes.readUInt32BE(4),
      ssrc: bytes.readUInt32BE(8),
      payload: bytes.subarray(12),
      sourcePort: source.port,
    });
  }
}
