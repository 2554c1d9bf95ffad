import { createCipheriv } from 'node:crypto';
import type { SrtpKeying, SrtpProfile } from '../../protocol/media-security.ts';

/** Session keys of one direction, for RTP and for RTCP. Never logged. */
export interface SessionKeys {
  readonly profile: SrtpProfile;
  readonly rtp: KeySet;
  readonly rtcp: KeySet;
}

/** What protects the packets of one kind: a cipher key of 16 bytes, a salt of 14 (12 with GCM), an HMAC key of 20. */
export interface KeySet {
  readonly key: Uint8Array;
  readonly salt: Uint8Array;
  readonly authKey: Uint8Array;
}

/** Lengths of a profile's master key and salt, in bytes: RFC 3711 §8.2, RFC 7714 §12. */
const MASTER_KEY_BYTES = 16;
const SALT_BYTES = { AES_CM_128_HMAC_SHA1_80: 14, AEAD_AES_128_GCM: 12 } as const;
const AUTH_KEY_BYTES = 20;
/** Labels of RFC 3711 §4.3.1 and §4.3.2: cipher key, authentication key, salt. */
const RTP_LABELS = [0x00, 0x01, 0x02] as const;
const RTCP_LABELS = [0x03, 0x04, 0x05] as const;
/** Where the label stands in the 14 bytes of the key identifier, RFC 3711 §4.3.1. */
const LABEL_AT = 7;

/**
 * Session keys from master key and salt, by AES in counter mode at a key derivation rate of 0.
 * @throws RangeError when key or salt have another length than the profile says: whoever reads keys checks that.
 * @see RFC 3711 §4.3, RFC 7714 §11
 */
export function deriveSessionKeys(keying: SrtpKeying): SessionKeys {
  const { profile, masterKey, masterSalt } = keying;
  if (masterKey.length !== MASTER_KEY_BYTES || masterSalt.length !== SALT_BYTES[profile]) {
    throw new RangeError(`master key or salt is of the wrong length for ${profile}`);
  }
  return {
    profile,
    rtp: keySet(keying, RTP_LABELS),
    rtcp: keySet(keying, RTCP_LABELS),
  };
}

function keySet(keying: SrtpKeying, labels: typeof RTP_LABELS | typeof RTCP_LABELS): KeySet {
  const [key, auth, salt] = labels;
  return {
    key: derive(keying, key, MASTER_KEY_BYTES),
    salt: derive(keying, salt, SALT_BYTES[keying.profile]),
    authKey: derive(keying, auth, AUTH_KEY_BYTES),
  };
}

/** The start of the key stream under the master key; a salt of 12 bytes is filled with zeros at its end. */
function derive(keying: SrtpKeying, label: number, lengthBytes: number): Uint8Array {
  const counter = new Uint8Array(16);
  counter.set(keying.masterSalt);
  counter[LABEL_AT] = (counter[LABEL_AT] ?? 0) ^ label;
  const cipher = createCipheriv('aes-128-ctr', keying.masterKey, counter);
  return new Uint8Array(cipher.update(new Uint8Array(lengthBytes)));
}
