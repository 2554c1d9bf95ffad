import { isLiteralAddress, plainHost } from '../runtime/literal-address.ts';

/** What a certificate says of its owner: the field `subjectaltname` as Node writes it. */
export interface NamedCertificate {
  readonly subjectaltname?: string | undefined;
}

/**
 * Whether a certificate bears the name of the peer that we meant to reach, RFC 5922 §7.1: its `sip:` URIs count when it
 * has any, else its DNS names; for a literal address its IP addresses. The subject's common name never counts. Against
 * RFC 5922 §7.2, and with RFC 9525 §6.3, `*` stands for one whole label in front: many carriers have such certificates.
 *
 * @param serverName host name or literal address.
 * @returns null when it does, else why not, in a few words that may follow "its" and quote nothing of the certificate.
 */
export function wrongName(serverName: string, certificate: NamedCertificate): string | null {
  const names = alternativeNames(certificate.subjectaltname ?? '');
  const wanted = plainHost(serverName).toLowerCase().replace(/\.$/, '');
  if (isLiteralAddress(wanted)) {
    const bears = names.some(({ kind, value }) => kind === 'ip' && plainHost(value) === wanted);
    return bears ? null : 'certificate is for another address';
  }
  const uris = names.flatMap(({ kind, value }) => (kind === 'uri' ? sipDomain(value) : []));
  const dns = names.flatMap(({ kind, value }) => (kind === 'dns' ? [value.toLowerCase()] : []));
  const counted = uris.length > 0 ? uris : dns;
  if (counted.length === 0) return 'certificate bears no name';
  const bears = counted.some((name) => matches(name.replace(/\.$/, ''), wanted));
  return bears ? null : 'certificate is for another name';
}

interface AlternativeName {
  readonly kind: 'dns' | 'uri' | 'ip' | 'other';
  readonly value: string;
}

/** `DNS:a.example, URI:"sip:x,y", IP Address:192.0.2.1`; what has a comma or a quote in it stands as a JSON string. */
function alternativeNames(text: string): readonly AlternativeName[] {
  const names: AlternativeName[] = [];
  for (const [, kind = '', quoted, plain = ''] of text.matchAll(
    /([A-Za-z ]+):(?:("(?:[^"\\]|\\.)*")|([^,]*))(?:, |$)/g,
  )) {
    // A name that had to be quoted is none that we could have meant.
    if (quoted !== undefined) continue;
    names.push({ kind: kindOf(kind), value: plain.trim() });
  }
  return names;
}

function kindOf(kind: string): AlternativeName['kind'] {
  switch (kind.trim()) {
    case 'DNS':
      return 'dns';
    case 'URI':
      return 'uri';
    case 'IP Address':
      return 'ip';
    default:
      return 'other';
  }
}

/** The domain of a URI `sip:example.com`. One with a user names a person, and no domain (RFC 5922 §7.1). */
function sipDomain(uri: string): readonly string[] {
  const domain = /^sips?:([^@;?:]+)$/i.exec(uri)?.[1];
  return domain === undefined ? [] : [domain.toLowerCase()];
}

function matches(name: string, wanted: string): boolean {
  if (name === wanted) return true;
  if (!name.startsWith('*.')) return false;
  const dot = wanted.indexOf('.');
  // At least two labels stand behind the star.
  return dot > 0 && wanted.slice(dot) === name.slice(1) && name.indexOf('.', 2) !== -1;
}
