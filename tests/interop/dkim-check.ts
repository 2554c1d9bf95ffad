import { createHash, createPublicKey, createVerify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** What a DKIM signature says and whether it holds (RFC 6376). */
export interface DkimResult {
  readonly domain: string;
  readonly selector: string;
  readonly signedHeaders: readonly string[];
  readonly bodyHash: 'right' | 'wrong';
  readonly signature: 'right' | 'wrong';
}

/** Checks the only DKIM-Signature of a message, of relaxed/relaxed canonicalization and rsa-sha256. */
export function checkDkim(bytes: Buffer, publicKey: KeyObject): DkimResult {
  const text = bytes.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const headers = text.slice(0, end).split(/\r\n(?![ \t])/u);
  const field = headers.find((header) => /^dkim-signature:/iu.test(header));
  if (field === undefined) throw new Error('no DKIM-Signature');
  const tags = tagsOf(field.slice(field.indexOf(':') + 1));
  if (tags['a'] !== 'rsa-sha256' || tags['c'] !== 'relaxed/relaxed') throw new Error('other kinds');
  const bodyHash = createHash('sha256').update(relaxedBody(text.slice(end + 4)), 'latin1');
  const names = (tags['h'] ?? '').toLowerCase().split(':');
  const remaining = [...headers].reverse();
  const signed = names.flatMap((name) => {
    const index = remaining.findIndex((header) => header.toLowerCase().startsWith(`${name}:`));
    return index < 0 ? [] : remaining.splice(index, 1).map(relaxedHeader);
  });
  const unsigned = relaxedHeader(field.replace(/([;\s]b=)[^;]*/u, '$1'));
  const verify = createVerify('sha256').update(`${signed.join('\r\n')}\r\n${unsigned}`, 'latin1');
  const signature = Buffer.from(tags['b'] ?? '', 'base64');
  return {
    domain: tags['d'] ?? '',
    selector: tags['s'] ?? '',
    signedHeaders: names,
    bodyHash: bodyHash.digest('base64') === tags['bh'] ? 'right' : 'wrong',
    signature: verify.verify(
      createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })),
      signature,
    )
      ? 'right'
      : 'wrong',
  };
}

function tagsOf(value: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    value.split(';').map((tag) => {
      const at = tag.indexOf('=');
      return [tag.slice(0, at).trim(), tag.slice(at + 1).replace(/\s+/gu, '')];
    }),
  );
}

/** RFC 6376 §3.4.2. */
function relaxedHeader(header: string): string {
  const at = header.indexOf(':');
  const value = header
    .slice(at + 1)
    .replace(/\r\n/gu, '')
    .replace(/[ \t]+/gu, ' ')
    .trim();
  return `${header.slice(0, at).trim().toLowerCase()}:${value}`;
}

/** RFC 6376 §3.4.4. */
function relaxedBody(body: string): string {
  const lines = body
    .replace(/[ \t]+\r\n/gu, '\r\n')
    .replace(/[ \t]+/gu, ' ')
    .replace(/(?:\r\n)+$/u, '');
  return lines === '' ? '' : `${lines}\r\n`;
}
