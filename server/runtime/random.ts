import { randomBytes, randomInt } from 'node:crypto';

/** Chance, injected. `systemRandom` is a cryptographic source; tests bring a seeded one. */
export interface Random {
  /** `bytes` random bytes as lower-case hexadecimal digits. */
  hex(bytes: number): string;
  /** A whole number from 0 to `below` − 1. */
  integer(below: number): number;
}

/** The operating system's cryptographic source. */
export const systemRandom: Random = {
  hex: (bytes) => randomBytes(bytes).toString('hex'),
  integer: (below) => randomInt(below),
};
