import type { SrtpKeying, SrtpProfile } from '../../mixer/protocol/media-security.ts';

/** One `a=crypto` that can be used, RFC 4568 §9.1. */
export interface CryptoAttribute {
  readonly tag: number;
  readonly keying: SrtpKeying;
}

/** Octets of the master salt: RFC 3711 §8.2, RFC 7714 §12. */
export const SRTP_SALT_BYTES: Readonly<Record<SrtpProfile, number>> = {
  AES_CM_128_HMAC_SHA1_80: 14,
  AEAD_AES_128_GCM: 12,
};

/** Profiles in the order in which our own offers name them. */
export const SRTP_PROFILES: readonly SrtpProfile[] = [
  'AEAD_AES_128_GCM',
  'AES_CM_128_HMAC_SHA1_80',
];

const MASTER_KEY_BYTES = 16;
/** Fewer packets than this and a key would be used up within a long call, which we do not renew. */
const LEAST_LIFETIME_PACKETS = 2 ** 20;
/** `tag suite inline:key||salt[|lifetime]` and session parameters. Several keys or an MKI do not fit. */
const CRYPTO =
  /^(\d{1,9})[ \t]+(\w{1,64})[ \t]+inline:([A-Za-z0-9+/]{1,64}={0,2})(?:\|(2\^)?(\d{1,20}))?((?:[ \t]+\S+)*)[ \t]*$/;

/**
 * Reads the value of one `a=crypto`. Null for what we cannot do: another suite, a master key identifier, several keys, a
 * short lifetime, or a session parameter that changes the packets (RFC 4568 §6.3).
 */
export function parseCrypto(value: string): CryptoAttribute | null {
  const found = CRYPTO.exec(value);
  if (found === null) return null;
  const [, tag = '', suite, base64 = '', power, lifetime, parameters = ''] = found;
  const profile = SRTP_PROFILES.find((each) => each === suite);
  if (profile === undefined) return null;
  if (lifetime !== undefined && packets(power, lifetime) < LEAST_LIFETIME_PACKETS) return null;
  if (!parameters.split(/[ \t]+/).every(isHarmless)) return null;
  const octets = Buffer.from(base64, 'base64');
  if (octets.length !== MASTER_KEY_BYTES + SRTP_SALT_BYTES[profile]) return null;
  return {
    tag: Number(tag),
    keying: {
      profile,
      masterKey: octets.subarray(0, MASTER_KEY_BYTES),
      masterSalt: octets.subarray(MASTER_KEY_BYTES),
    },
  };
}

/** The part behind the suite: `inline:` and key and salt in one. */
export function cryptoConfig(keying: SrtpKeying): string {
  return `inline:${Buffer.concat([keying.masterKey, keying.masterSalt]).toString('base64')}`;
}

function packets(power: string | undefined, digits: string): number {
  return power === undefined ? Number(digits) : 2 ** Number(digits);
}

/** A hint for the replay window, or an extension that its sender calls optional by a `-`. */
function isHarmless(parameter: string): boolean {
  return parameter === '' || parameter.startsWith('-') || /^WSH=\d+$/.test(parameter);
}
