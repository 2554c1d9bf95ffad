import type { Config } from '../config/config.ts';
import { isAllowedAddress } from './public-address.ts';

/** Whether an address may be a webhook's. `url`: as it is kept, without fragment. */
export type UrlVerdict =
  | { readonly verdict: 'good'; readonly url: string }
  | { readonly verdict: 'refused'; readonly code: 'bad-url' | 'insecure-url' | 'private-address' };

/** Longest address. */
const LONGEST_URL = 2000;

/**
 * Judges what can be told without asking the DNS. Names are looked up, and judged, at every delivery.
 * User and password are refused: the signature is what tells the receiver who calls.
 */
export function judgeUrl(
  text: string,
  settings: Pick<Config['webhooks'], 'allowInsecure' | 'allowNetworks'>,
): UrlVerdict {
  const refused = (code: 'bad-url' | 'insecure-url' | 'private-address'): UrlVerdict => ({
    verdict: 'refused',
    code,
  });
  if (text.length > LONGEST_URL || !URL.canParse(text)) return refused('bad-url');
  const url = new URL(text);
  if (!/^https?:$/u.test(url.protocol) || url.hostname === '') return refused('bad-url');
  if (url.username !== '' || url.password !== '') return refused('bad-url');
  if (url.protocol === 'http:' && !settings.allowInsecure) return refused('insecure-url');
  const literal = literalAddress(url);
  if (literal !== null && !isAllowedAddress(literal, settings.allowNetworks)) {
    return refused('private-address');
  }
  url.hash = '';
  return { verdict: 'good', url: url.href };
}

/** The address that stands in the URL itself, however it was written (`0x7f.1` is 127.0.0.1); null for a name. */
function literalAddress(url: URL): string | null {
  const { hostname } = url;
  if (hostname.startsWith('[')) return hostname.slice(1, -1);
  // RFC 6761 §6.3: it and all names below it are this machine.
  if (/(?:^|\.)localhost\.?$/u.test(hostname)) return '127.0.0.1';
  return /^[0-9.]+$/u.test(hostname) ? hostname : null;
}
