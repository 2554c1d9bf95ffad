/** G.711 of the test phone, written apart from the product's so that the two check each other. */

const SEGMENT_ENDS_A = [0x1f, 0x3f, 0x7f, 0xff, 0x1ff, 0x3ff, 0x7ff, 0xfff];

/** One octet of A-law to 16-bit linear (G.711 table 1a, left-justified from 13 bits). */
export function alawToLinear(octet: number): number {
  const code = octet ^ 0x55;
  const segment = (code >> 4) & 7;
  const step = (code & 15) * 2 + 1;
  const magnitude = segment === 0 ? step : (step + 32) << (segment - 1);
  return (code & 0x80) === 0 ? -magnitude * 8 : magnitude * 8;
}

/** 16-bit linear to one octet of A-law. */
export function linearToAlaw(sample: number): number {
  const magnitude = Math.min(4095, sample < 0 ? (-sample - 1) >> 3 : sample >> 3);
  const segment = SEGMENT_ENDS_A.findIndex((end) => magnitude <= end);
  const step = (magnitude >> (segment < 2 ? 1 : segment)) & 15;
  return ((segment << 4) | step | (sample < 0 ? 0 : 0x80)) ^ 0x55;
}

const BIAS_MU = 0x84;

/** One octet of µ-law to 16-bit linear (G.711 table 2a, left-justified from 14 bits). */
export function mulawToLinear(octet: number): number {
  const code = ~octet & 0xff;
  const magnitude = ((((code & 15) << 3) + BIAS_MU) << ((code >> 4) & 7)) - BIAS_MU;
  return (code & 0x80) === 0 ? magnitude : -magnitude;
}

/** 16-bit linear to one octet of µ-law. */
export function linearToMulaw(sample: number): number {
  const magnitude = Math.min(32_635, Math.abs(sample)) + BIAS_MU;
  const segment = Math.max(0, 31 - Math.clz32(magnitude) - 7);
  const step = (magnitude >> (segment + 3)) & 15;
  return ~((sample < 0 ? 0x80 : 0) | (segment << 4) | step) & 0xff;
}
