import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import type { AudioTape } from './audio-tape.ts';
import { PhoneAudio } from './phone-audio.ts';
import type { PhoneCodec, Tone } from './phone-audio.ts';

const PACKET_MS = 20;

/** The audio side of a test phone on a real socket: its `PhoneAudio` in real time. */
export class PhoneMedia {
  readonly #socket: Socket;
  readonly #audio: PhoneAudio;
  #remote: { readonly host: string; readonly port: number } | null = null;
  #nextAtMs = 0;
  #timer: NodeJS.Timeout | null = null;

  private constructor(socket: Socket, codec: PhoneCodec) {
    this.#socket = socket;
    this.#audio = new PhoneAudio(codec, 0x5000_0000 + socket.address().port);
    socket.on('message', (bytes) => {
      this.#audio.receive(bytes);
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

  /** All that was heard. */
  get tape(): AudioTape {
    return this.#audio.tape;
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
    this.#audio.play(tone);
  }

  /** Sends keys one after another as RFC 4733 events; comes back when the last one has been sent. */
  async press(keys: string): Promise<void> {
    await pause(this.#audio.press(keys) * PACKET_MS);
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#socket.close();
  }

  /** One turn for each 20 ms that have passed, so that the rate is right when a timer is late. */
  #tick(): void {
    while (this.#nextAtMs <= performance.now()) {
      for (const packet of this.#audio.next()) {
        if (this.#remote !== null) this.#socket.send(packet, this.#remote.port, this.#remote.host);
      }
      this.#nextAtMs += PACKET_MS;
    }
    this.#timer = setTimeout(
      () => {
        this.#tick();
      },
      Math.max(1, this.#nextAtMs - performance.now()),
    );
  }
}

/** Comes back after a while of real time. */
export function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, durationMs);
  });
}
