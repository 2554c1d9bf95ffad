import { createHmac } from 'node:crypto';

/**
 * Value of `Konfa-Signature`: `v1=` and the hexadecimal HMAC-SHA256 (RFC 2104) of time stamp, full stop and body, keyed
 * with the webhook's secret as text. The time stamp is in it, so that a receiver can refuse what was recorded and is
 * played again.
 */
export function signatureOf(secret: string, timestampSeconds: number, body: string): string {
  const mac = createHmac('sha256', secret).update(`${timestampSeconds}.${body}`, 'utf8');
  return `v1=${mac.digest('hex')}`;
}
