import type { SrtpKeying, SrtpProfile } from '../../../mixer/protocol/media-security.ts';

const KEY_BYTES = 16;
const SALT_BYTES = { AES_CM_128_HMAC_SHA1_80: 14, AEAD_AES_128_GCM: 12 } as const;

/**
 * Keys of both directions from a DTLS exporter, as the server sees them: the client's keys come in. `exporter` gives as
 * many bytes as asked: client's key, server's key, client's salt, server's salt.
 * @see RFC 5764 §4.2
 */
export function splitKeys(
  profile: SrtpProfile,
  exporter: (lengthBytes: number) => Uint8Array,
): { readonly inbound: SrtpKeying; readonly outbound: SrtpKeying } {
  const saltBytes = SALT_BYTES[profile];
  // Copied out of any buffer that it shares: what is posted to a thread takes the whole buffer along.
  const material = new Uint8Array(exporter(2 * KEY_BYTES + 2 * saltBytes));
  const keying = (party: 0 | 1): SrtpKeying => {
    const keyAt = party * KEY_BYTES;
    const saltAt = 2 * KEY_BYTES + party * saltBytes;
    return {
      profile,
      masterKey: material.slice(keyAt, keyAt + KEY_BYTES),
      masterSalt: material.slice(saltAt, saltAt + saltBytes),
    };
  };
  return { inbound: keying(0), outbound: keying(1) };
}
