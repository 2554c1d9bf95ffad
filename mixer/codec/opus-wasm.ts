/* eslint-disable @typescript-eslint/max-params -- An object of options for each packet would be garbage. */
import { readFileSync } from 'node:fs';
import type { OpusEncoderSettings, OpusLibrary } from './opus-codec.ts';
import { MAX_OPUS_PACKET_SAMPLES } from './opus-packet.ts';
import { OpusStreamDecoder, OpusStreamEncoder } from './opus-stream.ts';
import type { OpusBinding } from './opus-stream.ts';

interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

/** As much of the global as is used here; the types of Node leave it to those of browsers. */
declare const WebAssembly: {
  readonly Memory: new () => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: Record<string, Record<string, () => unknown>>,
  ) => { readonly exports: object };
  validate(bytes: Uint8Array): boolean;
};

/** What the WASM file exports: libopus on its own memory. Pointers are offsets in it. */
interface OpusExports {
  readonly memory: WasmMemory;
  _initialize(): void;
  malloc(bytes: number): number;
  free(pointer: number): void;
  stackSave(): number;
  stackRestore(pointer: number): void;
  opus_decoder_get_size(channels: number): number;
  opus_decoder_init(decoder: number, rateHz: number, channels: number): number;
  opus_decode(
    decoder: number,
    payload: number,
    length: number,
    out: number,
    samples: number,
    redundancy: number,
  ): number;
  opus_encoder_get_size(channels: number): number;
  opus_encoder_init(encoder: number, rateHz: number, channels: number, application: number): number;
  opus_encode(
    encoder: number,
    samples: number,
    length: number,
    out: number,
    maxBytes: number,
  ): number;
  opus_encoder_ctl_set(encoder: number, request: number, value: number): number;
}

const FUNCTIONS = [
  '_initialize',
  'malloc',
  'free',
  'stackSave',
  'stackRestore',
  'opus_decoder_get_size',
  'opus_decoder_init',
  'opus_decode',
  'opus_encoder_get_size',
  'opus_encoder_init',
  'opus_encode',
  'opus_encoder_ctl_set',
];

const RATE_HZ = 48_000;
const CHANNELS = 1;
const APPLICATION_VOIP = 2048;
/** Longest payload in either direction. */
const PAYLOAD_BYTES = 4096;
/** libopus's own number for a bad argument. */
const BAD_ARGUMENT = -1;

/** libopus in WASM, which runs wherever Node does. Instantiates it: once for each thread. */
export function openWasmOpus(): OpusLibrary {
  const binding = new WasmBinding();
  return {
    kind: 'wasm',
    createDecoder: () => new OpusStreamDecoder(binding),
    createEncoder: (settings: OpusEncoderSettings) => new OpusStreamEncoder(binding, settings),
  };
}

/** Samples and payloads pass through two areas in the WASM memory that all codecs of the thread share. */
class WasmBinding implements OpusBinding<number> {
  readonly #opus: OpusExports;
  readonly #stack: number;
  readonly #payloadAt: number;
  readonly #samplesAt: number;
  /** Views on the memory; new ones whenever it has grown. */
  #payload = new Uint8Array(0);
  #samples = new Int16Array(0);
  readonly #dropped: FinalizationRegistry<number>;

  constructor() {
    const opus = instantiate(() => {
      this.#look();
    });
    this.#opus = opus;
    opus._initialize();
    this.#stack = opus.stackSave();
    this.#payloadAt = allocate(opus, PAYLOAD_BYTES);
    this.#samplesAt = allocate(opus, 2 * MAX_OPUS_PACKET_SAMPLES);
    this.#look();
    this.#dropped = new FinalizationRegistry((pointer) => {
      opus.free(pointer);
    });
  }

  newDecoder(owner: object): number {
    const opus = this.#opus;
    const decoder = allocate(opus, opus.opus_decoder_get_size(CHANNELS));
    opus.opus_decoder_init(decoder, RATE_HZ, CHANNELS);
    this.#dropped.register(owner, decoder, owner);
    return decoder;
  }

  newEncoder(owner: object): number {
    const opus = this.#opus;
    const encoder = allocate(opus, opus.opus_encoder_get_size(CHANNELS));
    opus.opus_encoder_init(encoder, RATE_HZ, CHANNELS, APPLICATION_VOIP);
    this.#dropped.register(owner, encoder, owner);
    return encoder;
  }

  decode(
    decoder: number,
    payload: Uint8Array,
    offset: number,
    length: number,
    out: Int16Array,
    outOffset: number,
    samples: number,
    redundancy: 0 | 1,
  ): number {
    if (length > PAYLOAD_BYTES || samples > MAX_OPUS_PACKET_SAMPLES) return BAD_ARGUMENT;
    // Loops, because `set` would need a view of the packet: an object for each.
    const inner = this.#payload;
    for (let i = 0; i < length; i += 1) inner[i] = payload[offset + i] ?? 0;
    const at = length === 0 ? 0 : this.#payloadAt;
    let written = BAD_ARGUMENT;
    try {
      written = this.#opus.opus_decode(decoder, at, length, this.#samplesAt, samples, redundancy);
    } catch {
      this.#opus.stackRestore(this.#stack);
    }
    const decoded = this.#samples;
    for (let i = 0; i < written; i += 1) out[outOffset + i] = decoded[i] ?? 0;
    return written;
  }

  encode(
    encoder: number,
    samples: Int16Array,
    offset: number,
    length: number,
    out: Uint8Array,
    outOffset: number,
    maxBytes: number,
  ): number {
    if (length > MAX_OPUS_PACKET_SAMPLES || maxBytes > PAYLOAD_BYTES) return BAD_ARGUMENT;
    const inner = this.#samples;
    for (let i = 0; i < length; i += 1) inner[i] = samples[offset + i] ?? 0;
    let bytes = BAD_ARGUMENT;
    try {
      bytes = this.#opus.opus_encode(encoder, this.#samplesAt, length, this.#payloadAt, maxBytes);
    } catch {
      this.#opus.stackRestore(this.#stack);
    }
    const encoded = this.#payload;
    for (let i = 0; i < bytes; i += 1) out[outOffset + i] = encoded[i] ?? 0;
    return bytes;
  }

  control(encoder: number, request: number, value: number): number {
    return this.#opus.opus_encoder_ctl_set(encoder, request, value);
  }

  free(pointer: number, owner: object): void {
    this.#dropped.unregister(owner);
    this.#opus.free(pointer);
  }

  #look(): void {
    const { buffer } = this.#opus.memory;
    this.#payload = new Uint8Array(buffer, this.#payloadAt, PAYLOAD_BYTES);
    this.#samples = new Int16Array(buffer, this.#samplesAt, MAX_OPUS_PACKET_SAMPLES);
  }
}

function allocate(opus: OpusExports, bytes: number): number {
  const pointer = opus.malloc(bytes);
  if (pointer === 0) throw new Error('the memory of Opus in WASM is full');
  return pointer;
}

/** `onGrowth` — called when the memory has moved. It asks nothing else of the system: what it could ask does nothing. */
function instantiate(onGrowth: () => void): OpusExports {
  const nothing = (): number => 0;
  const instance = new WebAssembly.Instance(compile(), {
    env: { emscripten_notify_memory_growth: onGrowth },
    wasi_snapshot_preview1: {
      fd_close: nothing,
      fd_seek: nothing,
      fd_write: nothing,
      proc_exit: nothing,
    },
  });
  const { exports } = instance;
  if (!isOpus(exports)) throw new Error('the WASM file of Opus has other exports than expected');
  return exports;
}

function compile(): object {
  for (const file of [
    import.meta.resolve('@evan/opus/wasm/simd.wasm'),
    import.meta.resolve('@evan/opus/wasm/opus.wasm'),
  ]) {
    const bytes = readFileSync(new URL(file));
    // A machine without SIMD refuses the first.
    if (WebAssembly.validate(bytes)) return new WebAssembly.Module(bytes);
  }
  throw new Error('no WASM file of Opus runs on this machine');
}

function isOpus(exports: object): exports is OpusExports {
  const entries = new Map(Object.entries(exports));
  if (!(entries.get('memory') instanceof WebAssembly.Memory)) return false;
  return FUNCTIONS.every((name) => typeof entries.get(name) === 'function');
}
