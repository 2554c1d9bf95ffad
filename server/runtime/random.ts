import { randomBytes, randomFillSync, randomInt } from 'node:crypto';

/** Chance, injected. `systemRandom` is a cryptographic source; tests bring a seeded one. */
export interface Random {
  /** `bytes` random bytes as lower-case hexadecimal digits. */
  hex(bytes: number): string;
  /** A whole number from 0 to `below` − 1. */
  integer(below: number): number;
}

/** As much as some hundred identifiers take: asking the system costs far more than the bytes do. */
const POOL_BYTES = 8192;
/** More than this at once is asked for by itself. */
const MOST_POOLED_BYTES = 256;

/**
 * Makes `Random.hex` of a pool that `fill` fills with random bytes. Each byte is given out once at most, and is wiped
 * from the pool at once: what is known by somebody else is nowhere to be found here.
 */
export function pooledHex(fill: (pool: Buffer) => void): Random['hex'] {
  // Not one of Node's shared slabs: it lies in memory of its own.
  const pool = Buffer.alloc(POOL_BYTES);
  let from = POOL_BYTES;
  return (bytes) => {
    if (bytes > MOST_POOLED_BYTES) return randomBytes(bytes).toString('hex');
    if (from + bytes > POOL_BYTES) {
      fill(pool);
      from = 0;
    }
    const text = pool.toString('hex', from, from + bytes);
    pool.fill(0, from, from + bytes);
    from += bytes;
    return text;
  };
}

/** The operating system's cryptographic source. */
export const systemRandom: Random = {
  hex: pooledHex(randomFillSync),
  integer: (below) => randomInt(below),
};
