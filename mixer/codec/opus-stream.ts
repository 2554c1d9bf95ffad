/* eslint-disable @typescript-eslint/max-params -- An object of options for each packet would be garbage. */
import { MAX_OPUS_FRAME_BYTES } from './opus-codec.ts';
import type { OpusDecoder, OpusEncoder, OpusEncoderSettings } from './opus-codec.ts';
import { MAX_OPUS_PACKET_SAMPLES, opusDurationSamples, opusRepeats } from './opus-packet.ts';

/**
 * What both builds of libopus offer: its functions on buffers of ours. `Handle` names the state of one codec. Results
 * below 0 are errors of libopus.
 */
export interface OpusBinding<Handle> {
  /** Mono at 48 kHz. The state lives at least as long as `owner`, and not much longer. */
  newDecoder(owner: object): Handle;
  newEncoder(owner: object): Handle;
  /** A `length` of 0 conceals; `redundancy` 1 decodes what the payload repeats. Returns samples written. */
  decode(
    decoder: Handle,
    payload: Uint8Array,
    offset: number,
    length: number,
    out: Int16Array,
    outOffset: number,
    samples: number,
    redundancy: 0 | 1,
  ): number;
  /** Returns bytes written. */
  encode(
    encoder: Handle,
    samples: Int16Array,
    offset: number,
    length: number,
    out: Uint8Array,
    outOffset: number,
    maxBytes: number,
  ): number;
  /** A request that sets something, by its number in libopus's `opus_defines.h`. */
  control(codec: Handle, request: number, value: number): number;
  free(codec: Handle, owner: object): void;
}

/** 2.5 ms: libopus conceals in whole steps of it. */
const STEP_SAMPLES = 120;
const NO_BYTES = new Uint8Array(0);

/** Requests and values of `opus_defines.h`, which are part of libopus's interface. */
const SET_BITRATE = 4002;
const SET_MAX_BANDWIDTH = 4004;
const SET_COMPLEXITY = 4010;
const SET_INBAND_FEC = 4012;
const SET_PACKET_LOSS_PERCENT = 4014;
const SET_DTX = 4016;
const RESET_STATE = 4028;
const NARROWBAND = 1101;
const MEDIUMBAND = 1102;
const WIDEBAND = 1103;
const SUPERWIDEBAND = 1104;
const FULLBAND = 1105;

const MIN_BITRATE = 6000;
const MAX_BITRATE = 510_000;

/** A decoder on either build. */
export class OpusStreamDecoder<Handle> implements OpusDecoder {
  readonly #binding: OpusBinding<Handle>;
  readonly #handle: Handle;
  /** One step more than was asked for goes here. */
  readonly #rest = new Int16Array(STEP_SAMPLES);
  #state: 'live' | 'freed' = 'live';

  constructor(binding: OpusBinding<Handle>) {
    this.#binding = binding;
    this.#handle = binding.newDecoder(this);
  }

  decode(
    payload: Uint8Array,
    offset: number,
    length: number,
    out: Int16Array,
    outOffset: number,
  ): number {
    const samples = opusDurationSamples(payload, offset, length);
    if (samples < 0) return 0;
    return this.#run(payload, offset, length, out, outOffset, samples, 0);
  }

  durationSamples(payload: Uint8Array, offset: number, length: number): number {
    return opusDurationSamples(payload, offset, length);
  }

  conceal(out: Int16Array, outOffset: number, samples: number): number {
    const rest = samples % STEP_SAMPLES;
    const end = outOffset + samples - rest;
    let at = outOffset;
    while (at < end) {
      const left = end - at;
      const piece = left < MAX_OPUS_PACKET_SAMPLES ? left : MAX_OPUS_PACKET_SAMPLES;
      if (this.#run(NO_BYTES, 0, 0, out, at, piece, 0) === 0) out.fill(0, at, at + piece);
      at += piece;
    }
    if (rest > 0) {
      if (this.#run(NO_BYTES, 0, 0, this.#rest, 0, STEP_SAMPLES, 0) === 0) this.#rest.fill(0);
      for (let i = 0; i < rest; i += 1) out[end + i] = this.#rest[i] ?? 0;
    }
    return samples;
  }

  decodeRedundancy(
    payload: Uint8Array,
    offset: number,
    length: number,
    out: Int16Array,
    outOffset: number,
    samples: number,
  ): number {
    if (samples <= 0 || samples % STEP_SAMPLES !== 0 || samples > MAX_OPUS_PACKET_SAMPLES) return 0;
    if (opusRepeats(payload, offset, length) === 'nothing') return 0;
    return this.#run(payload, offset, length, out, outOffset, samples, 1);
  }

  free(): void {
    if (this.#state === 'freed') return;
    this.#state = 'freed';
    this.#binding.free(this.#handle, this);
  }

  #run(
    payload: Uint8Array,
    offset: number,
    length: number,
    out: Int16Array,
    outOffset: number,
    samples: number,
    redundancy: 0 | 1,
  ): number {
    if (this.#state === 'freed' || outOffset + samples > out.length) return 0;
    const written = this.#binding.decode(
      this.#handle,
      payload,
      offset,
      length,
      out,
      outOffset,
      samples,
      redundancy,
    );
    return written < 0 ? 0 : written;
  }
}

/** An encoder on either build, tuned for speech. */
export class OpusStreamEncoder<Handle> implements OpusEncoder {
  readonly silenceByte = null;
  readonly #binding: OpusBinding<Handle>;
  readonly #handle: Handle;
  #state: 'live' | 'freed' = 'live';

  constructor(binding: OpusBinding<Handle>, settings: OpusEncoderSettings) {
    this.#binding = binding;
    this.#handle = binding.newEncoder(this);
    this.configure(settings);
  }

  encode(
    samples: Int16Array,
    offset: number,
    length: number,
    out: Uint8Array,
    outOffset: number,
  ): number {
    if (this.#state === 'freed' || offset + length > samples.length) return 0;
    const room = out.length - outOffset;
    const maxBytes = room < MAX_OPUS_FRAME_BYTES ? room : MAX_OPUS_FRAME_BYTES;
    if (maxBytes <= 0) return 0;
    const binding = this.#binding;
    const bytes = binding.encode(this.#handle, samples, offset, length, out, outOffset, maxBytes);
    return bytes < 0 ? 0 : bytes;
  }

  configure(change: Partial<OpusEncoderSettings>): void {
    const { bitrate, complexity, inbandFec, expectedLossPercent, dtx, maxPlaybackRateHz } = change;
    if (bitrate !== undefined) this.#set(SET_BITRATE, within(bitrate, MIN_BITRATE, MAX_BITRATE));
    if (complexity !== undefined) this.#set(SET_COMPLEXITY, within(complexity, 0, 10));
    if (inbandFec !== undefined) this.#set(SET_INBAND_FEC, inbandFec === 'on' ? 1 : 0);
    if (expectedLossPercent !== undefined) {
      this.#set(SET_PACKET_LOSS_PERCENT, within(expectedLossPercent, 0, 100));
    }
    if (dtx !== undefined) this.#set(SET_DTX, dtx === 'on' ? 1 : 0);
    if (maxPlaybackRateHz !== undefined) {
      this.#set(SET_MAX_BANDWIDTH, bandwidthOf(maxPlaybackRateHz));
    }
  }

  reset(): void {
    this.#set(RESET_STATE, 0);
  }

  free(): void {
    if (this.#state === 'freed') return;
    this.#state = 'freed';
    this.#binding.free(this.#handle, this);
  }

  #set(request: number, value: number): void {
    if (this.#state === 'live') this.#binding.control(this.#handle, request, value);
  }
}

/** The widest audio bandwidth that a peer with this playback rate hears all of, RFC 7587 §3.1.1. */
function bandwidthOf(maxPlaybackRateHz: number): number {
  if (maxPlaybackRateHz < 12_000) return NARROWBAND;
  if (maxPlaybackRateHz < 16_000) return MEDIUMBAND;
  if (maxPlaybackRateHz < 24_000) return WIDEBAND;
  return maxPlaybackRateHz < 48_000 ? SUPERWIDEBAND : FULLBAND;
}

function within(value: number, min: number, max: number): number {
  const whole = Math.round(value);
  // NaN fails both comparisons and would be 0 for libopus.
  if (!(whole > min)) return min;
  return whole > max ? max : whole;
}
