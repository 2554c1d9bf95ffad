import { createHash, createHmac, timingSafeEqual, verify, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { DtlsFingerprint } from '../../../mixer/protocol/media-security.ts';

// What proves that the peer is who the SDP said. werift does none of it: it takes any certificate, any signature under
// the handshake and any Finished message.

/** A peer's certificate. */
export interface PeerCertificate {
  readonly der: Uint8Array;
  readonly publicKey: KeyObject;
}

/** Length of the proof in a Finished message, RFC 5246 §7.4.9. */
const VERIFY_DATA_BYTES = 12;
/** Hash and signature numbers of a CertificateVerify, RFC 5246 §7.4.1.4.1. */
const HASHES: Readonly<Record<number, string>> = { 4: 'sha256', 5: 'sha384', 6: 'sha512' };
const KEY_TYPES: Readonly<Record<number, string>> = { 1: 'rsa', 3: 'ec' };

/** The first certificate of a Certificate message's body; null when there is none or it cannot be read. */
export function readCertificate(body: Uint8Array): PeerCertificate | null {
  // Length of the list, length of the first certificate (24 bits each), certificate.
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  if (body.length < 7) return null;
  const end = 6 + (view.getUint32(2) & 0xffffff);
  if (end > body.length) return null;
  const der = body.slice(6, end);
  try {
    return { der, publicKey: new X509Certificate(der).publicKey };
  } catch {
    // No X.509 certificate, or with a key of an unknown kind: bad input, which the caller answers.
    return null;
  }
}

/**
 * Whether a certificate hashes to one of the fingerprints. SHA-1 counts only where nothing better was offered.
 * @see RFC 8122 §5
 */
export function hasFingerprint(der: Uint8Array, fingerprints: readonly DtlsFingerprint[]): boolean {
  const strong = fingerprints.filter(({ algorithm }) => algorithm !== 'sha-1');
  return (strong.length > 0 ? strong : fingerprints).some(
    ({ algorithm, value }) => fingerprintOf(der, algorithm) === value.toUpperCase(),
  );
}

/** A certificate's fingerprint as SDP writes it: capitals with colons, RFC 8122 §5. */
export function fingerprintOf(der: Uint8Array, algorithm: DtlsFingerprint['algorithm']): string {
  const digest = createHash(algorithm.replace('-', '')).update(der).digest('hex');
  return (digest.toUpperCase().match(/../g) ?? []).join(':');
}

/** Whether a CertificateVerify message signs the transcript with the certificate's key, RFC 5246 §7.4.8. */
export function signsTranscript(
  body: Uint8Array,
  certificate: PeerCertificate,
  transcript: Uint8Array,
): boolean {
  const [hash = 0, signature = 0, high = 0, low = 0] = body;
  const algorithm = HASHES[hash];
  const { publicKey } = certificate;
  if (algorithm === undefined || KEY_TYPES[signature] !== publicKey.asymmetricKeyType) return false;
  if (body.length !== 4 + ((high << 8) | low)) return false;
  try {
    return verify(algorithm, transcript, publicKey, body.subarray(4));
  } catch {
    // OpenSSL's way to say that the signature is not even one.
    return false;
  }
}

/** Whether a client's Finished message is right for this transcript, RFC 5246 §7.4.9. */
export function finishes(
  body: Uint8Array,
  masterSecret: Uint8Array,
  transcript: Uint8Array,
): boolean {
  const seed = Buffer.concat([
    Buffer.from('client finished'),
    createHash('sha256').update(transcript).digest(),
  ]);
  const hmac = (data: Uint8Array): Buffer =>
    createHmac('sha256', masterSecret).update(data).digest();
  // P_SHA256 (RFC 5246 §5); 12 bytes are less than its first block.
  const expected = hmac(Buffer.concat([hmac(seed), seed])).subarray(0, VERIFY_DATA_BYTES);
  return body.length === VERIFY_DATA_BYTES && timingSafeEqual(body, expected);
}
