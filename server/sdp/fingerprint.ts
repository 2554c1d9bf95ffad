import type { DtlsFingerprint } from '../../mixer/protocol/media-security.ts';

/** Octets of each hash, RFC 8122 §5. */
const HASH_BYTES: Readonly<Record<DtlsFingerprint['algorithm'], number>> = {
  'sha-256': 32,
  'sha-384': 48,
  'sha-512': 64,
  'sha-1': 20,
};
const VALUE = /^[0-9A-F]{2}(?::[0-9A-F]{2})*$/;

/** Those that count: SHA-1 only where there is nothing stronger (RFC 8122 §5.1). */
export function strongestOf(fingerprints: readonly DtlsFingerprint[]): readonly DtlsFingerprint[] {
  const strong = fingerprints.filter(({ algorithm }) => algorithm !== 'sha-1');
  return strong.length === 0 ? fingerprints : strong;
}

/** Reads the value of one `a=fingerprint`, RFC 8122 §5. Null for other hashes, and for a value of another length. */
export function parseFingerprint(text: string): DtlsFingerprint | null {
  const blank = text.indexOf(' ');
  const name = text.slice(0, Math.max(0, blank)).toLowerCase();
  const value = text
    .slice(blank + 1)
    .trim()
    .toUpperCase();
  const algorithm = (['sha-256', 'sha-384', 'sha-512', 'sha-1'] as const).find(
    (each) => each === name,
  );
  if (algorithm === undefined || value.length !== HASH_BYTES[algorithm] * 3 - 1) return null;
  return VALUE.test(value) ? { algorithm, value } : null;
}
