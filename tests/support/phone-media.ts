import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { AudioTape } from './audio-tape.ts';
import { alawToLinear, linearToAlaw, linearToMulaw, mulawToLinear } from './g711.ts';

/** What a test phone speaks. */
export type PhoneCodec = 'PCMA' | 'PCMU';

/** A tone to send: amplitude 0–32767. */
export interface Tone {
  readonly toneHz: number;
  readonly amplitude: number;
}

const PACKET_SAMPLES = 160;
const PACKET_MS = 20;
const TELEPHONE_EVENT = 101;
const PAYLOAD_TYPES: Readonly<Record<PhoneCodec, number>> = { PCMA: 8, PCMU: 0 };
const KEYS = '0123456789*#ABCD';
/** 100 ms of key, the last packet three times, then a gap of 80 ms. */
const KEY_PACKETS = 5;
const KEY_END_PACKETS = 3;
const KEY_GAP_MS = 80;

/** One packet of a key that is being sent. */
interface KeyPacket {
  readonly event: number;
  readonly end: 'end' | 'goes-on';
  readonly durationSamples: number;
  readonly first: 'first' | 'later';
  /** The last packet of a key goes out three times at once. */
  readonly copies: number;
}

/** The audio side of a test phone: sends a tone, silence or keys every 20 ms, and keeps all that it hears. */
export class PhoneMedia {
  readonly tape = new AudioTape();
  readonly #socket: Socket;
  readonly #codec: PhoneCodec;
  readonly #ssrc: number;
  #remote: { readonly host: string; readonly port: number } | null = null;
  #tone: Tone | null = null;
  #samplesSent = 0;
  #sequenceNumber = 1000;
  #keys: KeyPacket[] = [];
  #keyTimestamp = 0;
  #nextAtMs = 0;
  #timer: NodeJS.Timeout | null = null;

  private constructor(socket: Socket, codec: PhoneCodec) {
    this.#socket = socket;
    this.#codec = codec;
    this.#ssrc = 0x5000_0000 + socket.address().port;
    socket.on('message', (bytes) => {
      this.#receive(bytes);
    });
  }

  /** Opens a socket on `host` and a port that is free. */
  static async open(host: string, codec: PhoneCodec): Promise<PhoneMedia> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject).bind(0, host, resolve);
    });
    return new PhoneMedia(socket, codec);
  }

  /** Port of the socket. */
  get port(): number {
    return this.#socket.address().port;
  }

  /** Begins to send, or sends elsewhere from now on. */
  sendTo(host: string, port: number): void {
    this.#remote = { host, port };
    if (this.#timer !== null) return;
    this.#nextAtMs = performance.now();
    this.#tick();
  }

  /** Sends a tone from now on, or silence for null. */
  play(tone: Tone | null): void {
    this.#tone = tone;
  }

  /** Sends keys one after another as RFC 4733 events; comes back when the last one has been sent. */
  async press(keys: string): Promise<void> {
    for (const key of keys) {
      const event = KEYS.indexOf(key);
      if (event < 0) throw new Error(`a telephone has no key ${key}`);
      this.#keys.push(...keyPackets(event));
      await pause(KEY_PACKETS * PACKET_MS + KEY_GAP_MS);
    }
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#socket.close();
  }

  /** One packet for each 20 ms that have passed, so that the rate is right when a timer is late. */
  #tick(): void {
    while (this.#nextAtMs <= performance.now()) {
      this.#sendNext();
      this.#nextAtMs += PACKET_MS;
    }
    this.#timer = setTimeout(
      () => {
        this.#tick();
      },
      Math.max(1, this.#nextAtMs - performance.now()),
    );
  }

  #sendNext(): void {
    const key = this.#keys.shift();
    if (key === undefined) this.#send(PAYLOAD_TYPES[this.#codec], this.#samplesSent, this.#audio());
    else this.#sendKey(key);
    this.#samplesSent += PACKET_SAMPLES;
  }

  #sendKey(key: KeyPacket): void {
    if (key.first === 'first') this.#keyTimestamp = this.#samplesSent;
    const payload = Buffer.alloc(4);
    payload.writeUInt8(key.event, 0);
    payload.writeUInt8((key.end === 'end' ? 0x80 : 0) | 10, 1);
    payload.writeUInt16BE(key.durationSamples, 2);
    const payloadType = TELEPHONE_EVENT | (key.first === 'first' ? 0x80 : 0);
    for (let copy = 0; copy < key.copies; copy += 1) {
      this.#send(payloadType, this.#keyTimestamp, payload);
    }
  }

  #send(payloadType: number, timestamp: number, payload: Uint8Array): void {
    if (this.#remote === null) return;
    const header = Buffer.alloc(12);
    header.writeUInt8(0x80, 0);
    header.writeUInt8(payloadType, 1);
    header.writeUInt16BE(this.#sequenceNumber, 2);
    header.writeUInt32BE(timestamp >>> 0, 4);
    header.writeUInt32BE(this.#ssrc, 8);
    this.#sequenceNumber = (this.#sequenceNumber + 1) & 0xffff;
    this.#socket.send([header, payload], this.#remote.port, this.#remote.host);
  }

  #audio(): Uint8Array {
    const encode = this.#codec === 'PCMA' ? linearToAlaw : linearToMulaw;
    const tone = this.#tone;
    return Uint8Array.from({ length: PACKET_SAMPLES }, (_, index) =>
      tone === null
        ? encode(0)
        : encode(
            Math.round(
              tone.amplitude *
                Math.sin((2 * Math.PI * tone.toneHz * (this.#samplesSent + index)) / 8000),
            ),
          ),
    );
  }

  #receive(bytes: Buffer): void {
    if (bytes.length < 12 || bytes.readUInt8(0) >> 6 !== 2) return;
    const payloadType = bytes.readUInt8(1) & 0x7f;
    if (payloadType !== 0 && payloadType !== 8) return;
    const decode = payloadType === 8 ? alawToLinear : mulawToLinear;
    this.tape.add({
      sequenceNumber: bytes.readUInt16BE(2),
      timestamp: bytes.readUInt32BE(4),
      ssrc: bytes.readUInt32BE(8),
      samples: Int16Array.from(bytes.subarray(12), decode),
    });
  }
}

/** The packets of one key, RFC 4733 §2.5.1. */
function keyPackets(event: number): readonly KeyPacket[] {
  return Array.from({ length: KEY_PACKETS }, (_, index) => {
    const isLast = index === KEY_PACKETS - 1;
    return {
      event,
      end: isLast ? 'end' : 'goes-on',
      durationSamples: (index + 1) * PACKET_SAMPLES,
      first: index === 0 ? 'first' : 'later',
      copies: isLast ? KEY_END_PACKETS : 1,
    };
  });
}

/** Comes back after a while of real time. */
export function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, durationMs);
  });
}
