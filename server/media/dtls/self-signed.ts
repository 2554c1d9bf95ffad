import { generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto';
import type { DtlsIdentity } from '../dtls-host.ts';

/** Tags of DER, ITU-T X.690 §8. */
const TAG = {
  integer: 0x02,
  bitString: 0x03,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  version: 0xa0,
} as const;
/** Object identifiers as they are encoded: ecdsa-with-SHA256 (RFC 5758 §3.2) and commonName (RFC 5280 §A.1). */
const ECDSA_WITH_SHA256 = [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
const COMMON_NAME = [0x06, 0x03, 0x55, 0x04, 0x03];
/** Valid from long ago, and with no end that anybody knows of (RFC 5280 §4.1.2.5): peers look at the hash alone. */
const NOT_BEFORE = '200101000000Z';
const NOT_AFTER = '99991231235959Z';

/**
 * A new key on P-256 and its self-signed certificate. The name tells nothing of the server (RFC 8827 §6.5).
 * @see RFC 5280 §4.1
 */
export function makeIdentity(): DtlsIdentity {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const algorithm = der(TAG.sequence, Buffer.from(ECDSA_WITH_SHA256));
  const name = nameOf(randomBytes(8).toString('hex'));
  // A positive number without a leading zero.
  const serial = randomBytes(8);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  const body = der(
    TAG.sequence,
    der(TAG.version, der(TAG.integer, Buffer.from([2]))),
    der(TAG.integer, serial),
    algorithm,
    name,
    der(
      TAG.sequence,
      der(TAG.utcTime, Buffer.from(NOT_BEFORE)),
      der(TAG.generalizedTime, Buffer.from(NOT_AFTER)),
    ),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign('sha256', body, privateKey)]);
  const certificate = der(TAG.sequence, body, algorithm, der(TAG.bitString, signature));
  return {
    certificatePem: new X509Certificate(certificate).toString(),
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function nameOf(commonName: string): Buffer {
  const pair = der(
    TAG.sequence,
    Buffer.from(COMMON_NAME),
    der(TAG.utf8String, Buffer.from(commonName)),
  );
  return der(TAG.sequence, der(TAG.set, pair));
}

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}
