/* eslint-disable @typescript-eslint/max-params -- An object of options for each packet would be garbage. */

/**
 * G.711 by table. Samples are 16-bit linear: the 14 bits of µ-law and the 13 bits of A-law at the top of the word, as in
 * ITU-T G.191. Tables are built once when the module loads.
 * Source: ITU-T G.711 tables 1a–2b.
 */
const MULAW_BIAS = 0x84;
const MULAW_CLIP = 32_635;

const MULAW_TO_LINEAR = buildDecodeTable(linearFromMulaw);
const ALAW_TO_LINEAR = buildDecodeTable(linearFromAlaw);
const LINEAR_TO_MULAW = buildEncodeTable(mulawFromLinear);
const LINEAR_TO_ALAW = buildEncodeTable(alawFromLinear);

/** Decodes `length` µ-law bytes of `payload` from `offset` into `out` from `outOffset`; returns samples written. */
export function decodePcmu(
  payload: Uint8Array,
  offset: number,
  length: number,
  out: Int16Array,
  outOffset: number,
): number {
  for (let i = 0; i < length; i += 1) {
    out[outOffset + i] = MULAW_TO_LINEAR[payload[offset + i] ?? 0xff] ?? 0;
  }
  return length;
}

/** Decodes `length` A-law bytes of `payload` from `offset` into `out` from `outOffset`; returns samples written. */
export function decodePcma(
  payload: Uint8Array,
  offset: number,
  length: number,
  out: Int16Array,
  outOffset: number,
): number {
  for (let i = 0; i < length; i += 1) {
    out[outOffset + i] = ALAW_TO_LINEAR[payload[offset + i] ?? 0xd5] ?? 0;
  }
  return length;
}

/** Encodes `length` samples from `offset` as µ-law into `out` from `outOffset`; returns bytes written. */
export function encodePcmu(
  samples: Int16Array,
  offset: number,
  length: number,
  out: Uint8Array,
  outOffset: number,
): number {
  for (let i = 0; i < length; i += 1) {
    out[outOffset + i] = LINEAR_TO_MULAW[(samples[offset + i] ?? 0) & 0xffff] ?? 0xff;
  }
  return length;
}

/** Encodes `length` samples from `offset` as A-law into `out` from `outOffset`; returns bytes written. */
export function encodePcma(
  samples: Int16Array,
  offset: number,
  length: number,
  out: Uint8Array,
  outOffset: number,
): number {
  for (let i = 0; i < length; i += 1) {
    out[outOffset + i] = LINEAR_TO_ALAW[(samples[offset + i] ?? 0) & 0xffff] ?? 0xd5;
  }
  return length;
}

function buildDecodeTable(linearFromCode: (code: number) => number): Int16Array {
  const table = new Int16Array(256);
  for (let code = 0; code < 256; code += 1) table[code] = linearFromCode(code);
  return table;
}

/** Indexed by the low 16 bits of the sample, so that no sign has to be looked at per sample. */
function buildEncodeTable(codeFromLinear: (sample: number) => number): Uint8Array {
  const table = new Uint8Array(65_536);
  for (let sample = -32_768; sample < 32_768; sample += 1) {
    table[sample & 0xffff] = codeFromLinear(sample);
  }
  return table;
}

/** Sign bit, three bits of segment, four of step, all inverted on the line (G.711 table 2). */
function linearFromMulaw(code: number): number {
  const inverted = ~code & 0xff;
  const segment = (inverted >>> 4) & 7;
  const magnitude = ((((inverted & 0x0f) << 3) + MULAW_BIAS) << segment) - MULAW_BIAS;
  return (inverted & 0x80) !== 0 ? -magnitude : magnitude;
}

function mulawFromLinear(sample: number): number {
  const biased = Math.min(Math.abs(sample), MULAW_CLIP) + MULAW_BIAS;
  const segment = 31 - Math.clz32(biased) - 7;
  const step = (biased >>> (segment + 3)) & 0x0f;
  const sign = sample < 0 ? 0x80 : 0;
  return ~(sign | (segment << 4) | step) & 0xff;
}

/** Sign bit, segment and step with every other bit inverted on the line (G.711 table 1). */
function linearFromAlaw(code: number): number {
  const plain = code ^ 0x55;
  const segment = (plain >>> 4) & 7;
  const step = ((plain & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? step : (step + 0x100) << (segment - 1);
  return (plain & 0x80) !== 0 ? magnitude : -magnitude;
}

function alawFromLinear(sample: number): number {
  // Negative values use one's complement, so that −1 falls into the first negative step.
  const magnitude = sample < 0 ? ~sample : sample;
  const segment = magnitude < 256 ? 0 : 31 - Math.clz32(magnitude) - 7;
  const step = (magnitude >>> (segment === 0 ? 4 : segment + 3)) & 0x0f;
  const sign = sample < 0 ? 0 : 0x80;
  return (sign | (segment << 4) | step) ^ 0x55;
}
