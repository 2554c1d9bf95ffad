import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { alawToLinear, linearToAlaw } from '../tests/support/g711.ts';

/** Samples in a packet of 20 ms. */
export const PACKET_SAMPLES = 160;
/** Marker: three packets of this tone, whose arrival tells the delay. */
const MARKER_HZ = 3500;
const MARKER_PACKETS = 3;
/** All tones have whole periods in 1,600 samples, so ten packets say everything. */
const TONE_PACKETS = 10;
/** Audio of each user that is kept for the level checks: 2 s. */
const KEPT_SAMPLES = 16_000;
/** Blocks in which the marker's onset is looked for: 2.5 ms. */
const BLOCK_SAMPLES = 20;
const TELEPHONE_EVENT = 101;
const KEYS = '0123456789*#ABCD';

const DECODED = Int16Array.from({ length: 256 }, (_, octet) => alawToLinear(octet));
const SILENCE = Buffer.alloc(PACKET_SAMPLES, linearToAlaw(0));

/** A sine as encoded packets. */
function encodedTone(toneHz: number, amplitude: number): readonly Buffer[] {
  return Array.from({ length: TONE_PACKETS }, (_, packet) =>
    Buffer.from(
      Array.from({ length: PACKET_SAMPLES }, (__, index) => {
        const at = packet * PACKET_SAMPLES + index;
        return linearToAlaw(Math.round(amplitude * Math.sin((2 * Math.PI * toneHz * at) / 8000)));
      }),
    ),
  );
}

const MARKER = encodedTone(MARKER_HZ, 8000).slice(0, MARKER_PACKETS);

/** A key to send: five packets, the last three times, and a gap. */
interface KeyStep {
  readonly event: number;
  readonly packet: number;
}

/** When a room's last marker was sent; shared by all its users. */
export interface RoomMarker {
  sentAtMs: number;
  speaker: LoadUser | null;
}

/** What a user found in the time that was measured. */
export interface UserFindings {
  readonly packets: number;
  readonly lost: number;
  readonly delaysMs: readonly number[];
}

/** One telephone of the load: sends a tone or silence every 20 ms and looks at what comes back. */
export class LoadUser {
  readonly room: number;
  /** 0: only listens. */
  readonly toneHz: number;
  readonly marker: RoomMarker;
  /** Whether one that has a tone sends it. */
  microphone: 'on' | 'off' = 'on';
  readonly #socket: Socket;
  readonly #packets: readonly Buffer[];
  readonly #out = Buffer.alloc(12 + PACKET_SAMPLES);
  readonly #event = Buffer.alloc(16);
  readonly #heard = new Uint8Array(KEPT_SAMPLES);
  #heardAt = 0;
  #keys: (KeyStep | null)[] = [];
  #port = 0;
  #count = 0;
  #sequenceNumber = 0;
  #keyTimestamp = 0;
  #markerPacket = MARKER_PACKETS;
  #state: 'waiting' | 'measuring' = 'waiting';
  #lastSequenceNumber = -1;
  #received = 0;
  #lost = 0;
  #markerHeardAtMs = 0;
  #delaysMs: number[] = [];

  private constructor(
    socket: Socket,
    place: { readonly room: number; readonly toneHz: number; readonly amplitude: number },
    marker: RoomMarker,
  ) {
    this.#socket = socket;
    this.room = place.room;
    this.toneHz = place.toneHz;
    this.marker = marker;
    this.#packets = place.toneHz === 0 ? [SILENCE] : encodedTone(place.toneHz, place.amplitude);
    this.#out[0] = 0x80;
    this.#out[1] = 8;
    this.#out.writeUInt32BE(0x1000_0000 + this.port, 8);
    this.#out.copy(this.#event, 0, 0, 12);
    socket.on('message', (bytes) => this.#receive(bytes));
    socket.on('error', () => undefined);
  }

  static async open(
    place: { readonly room: number; readonly toneHz: number; readonly amplitude: number },
    marker: RoomMarker,
  ): Promise<LoadUser> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 262_144 });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject).bind(0, '127.0.0.1', resolve);
    });
    return new LoadUser(socket, place, marker);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** The call is answered: audio goes there. */
  async answered(port: number): Promise<void> {
    if (this.#port !== 0) return;
    await new Promise<void>((resolve) => {
      this.#socket.connect(port, '127.0.0.1', resolve);
    });
    this.#port = port;
  }

  /** Keys, and `p` for a pause of 100 ms. */
  press(keys: string): void {
    for (const key of keys) {
      const event = KEYS.indexOf(key);
      for (let packet = 1; packet <= 5; packet += 1) {
        this.#keys.push(event < 0 ? null : { event, packet });
      }
      if (event >= 0) this.#keys.push(null, null, null, null);
    }
  }

  get isBusy(): boolean {
    return this.#keys.length > 0;
  }

  /** The next three packets are the marker. */
  mark(): void {
    this.#markerPacket = 0;
    this.marker.speaker = this;
  }

  measure(): void {
    this.#state = 'measuring';
    this.#lastSequenceNumber = -1;
  }

  findings(): UserFindings {
    return { packets: this.#received, lost: this.#lost, delaysMs: this.#delaysMs };
  }

  /** The last 2 s that were heard. */
  heard(): Int16Array {
    const octets = Buffer.concat([
      this.#heard.subarray(this.#heardAt),
      this.#heard.subarray(0, this.#heardAt),
    ]);
    return Int16Array.from(octets, (octet) => DECODED[octet] ?? 0);
  }

  /** Sends one packet; to be called every 20 ms. */
  send(): void {
    if (this.#port === 0) return;
    const timestamp = (this.#count * PACKET_SAMPLES) >>> 0;
    this.#count += 1;
    const key = this.#keys.shift();
    if (key !== undefined && key !== null) return this.#sendKey(key, timestamp);
    const out = this.#out;
    this.#audio().copy(out, 12);
    out.writeUInt16BE(this.#sequenceNumber, 2);
    out.writeUInt32BE(timestamp, 4);
    this.#sequenceNumber = (this.#sequenceNumber + 1) & 0xffff;
    this.#socket.send(out);
  }

  close(): void {
    this.#port = 0;
    this.#socket.close();
  }

  #audio(): Buffer {
    if (this.#markerPacket < MARKER_PACKETS) {
      if (this.#markerPacket === 0) this.marker.sentAtMs = performance.now();
      this.#markerPacket += 1;
      return MARKER[this.#markerPacket - 1] ?? SILENCE;
    }
    if (this.microphone === 'off') return SILENCE;
    return this.#packets[this.#count % this.#packets.length] ?? SILENCE;
  }

  #sendKey(key: KeyStep, timestamp: number): void {
    if (key.packet === 1) this.#keyTimestamp = timestamp;
    const event = this.#event;
    event[1] = TELEPHONE_EVENT | (key.packet === 1 ? 0x80 : 0);
    event.writeUInt32BE(this.#keyTimestamp, 4);
    event[12] = key.event;
    event[13] = (key.packet === 5 ? 0x80 : 0) | 10;
    event.writeUInt16BE(key.packet * PACKET_SAMPLES, 14);
    for (let copy = 0; copy < (key.packet === 5 ? 3 : 1); copy += 1) {
      event.writeUInt16BE(this.#sequenceNumber, 2);
      this.#sequenceNumber = (this.#sequenceNumber + 1) & 0xffff;
      this.#socket.send(event);
    }
  }

  #receive(bytes: Buffer): void {
    if (this.#state === 'waiting' || bytes.length !== 12 + PACKET_SAMPLES) return;
    const sequenceNumber = bytes.readUInt16BE(2);
    if (this.#lastSequenceNumber >= 0) {
      const step = (sequenceNumber - this.#lastSequenceNumber) & 0xffff;
      if (step > 1 && step < 0x8000) this.#lost += step - 1;
    }
    this.#lastSequenceNumber = sequenceNumber;
    this.#received += 1;
    bytes.copy(this.#heard, this.#heardAt, 12);
    this.#heardAt = (this.#heardAt + PACKET_SAMPLES) % KEPT_SAMPLES;
    if (this.marker.speaker !== this) this.#lookForMarker(bytes);
  }

  #lookForMarker(bytes: Buffer): void {
    const { sentAtMs } = this.marker;
    if (sentAtMs === 0 || this.#markerHeardAtMs === sentAtMs) return;
    for (let at = 0; at < PACKET_SAMPLES; at += BLOCK_SAMPLES) {
      if (markerAmplitude(bytes, 12 + at) < 2500) continue;
      this.#markerHeardAtMs = sentAtMs;
      this.#delaysMs.push(performance.now() + at / 8 - sentAtMs);
      return;
    }
  }
}

const COEFFICIENT = 2 * Math.cos((2 * Math.PI * MARKER_HZ) / 8000);

/** Amplitude of the marker's tone in one block, by Goertzel's algorithm. */
function markerAmplitude(bytes: Buffer, offset: number): number {
  let last = 0;
  let beforeLast = 0;
  for (let index = 0; index < BLOCK_SAMPLES; index += 1) {
    const next = (DECODED[bytes[offset + index] ?? 0] ?? 0) + COEFFICIENT * last - beforeLast;
    beforeLast = last;
    last = next;
  }
  const power = last * last + beforeLast * beforeLast - COEFFICIENT * last * beforeLast;
  return (2 * Math.sqrt(Math.max(0, power))) / BLOCK_SAMPLES;
}
