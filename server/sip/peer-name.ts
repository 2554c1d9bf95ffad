import { isLiteralAddress, plainHost } from '../runtime/literal-address.ts';

/** What a certificate says of its owner: the field `subjectaltname` as Node writes it. */
export interface NamedCertificate {
  readonly subjectaltname?: string | undefined;
}

/**
 * Whether a certificate bears the name of the peer that we meant to reach, RFC 5922 §7.1: its `sip:` URIs count when it
 * has any, else its DNS names; for a literal address its IP addresses. The subject's common name never counts.
 *
 * @param serverName host name or literal address.
 * @param wildcards `forbidden`: as RFC 5922 §7.2 says; `allowed`: in a DNS name `*` stands for one whole label in front
 * (RFC 9525 §6.3), for many carriers have such certificates.
 * @returns null when it does, else why not, in a few words that may follow "its" and quote nothing of the certificate.
 */
export function wrongName(
  serverName: string,
  certificate: NamedCertificate,
  wildcards: 'allowed' | 'forbidden',
): string | null {
  const names = alternativeNames(certificate.subjectaltname ?? '');
  const wanted = plainHost(serverName).toLowerCase().replace(/\.$/, '');
  if (isLiteralAddress(wanted)) {
    const bears = names.some(({ kind, value }) => kind === 'ip' && plainHost(value) === wanted);
    return bears ? null : 'certificate is for another address';
  }
  const uris = names.flatMap(({ kind, value }) => (kind === 'uri' ? sipDomain(value) : []));
  const dns = dnsOf(names);
  const counted = uris.length > 0 ? uris : dns;
  if (counted.length === 0) return 'certificate bears no name';
  if (bearsName(counted, wanted)) return null;
  if (uris.length > 0 || !bearsWildcardOf(dns, wanted)) return 'certificate is for another name';
  return wildcards === 'allowed'
    ? null
    : 'certificate bears the name by a wildcard only, and tls.allowWildcard is not set';
}

/** DNS names of a certificate, in lower case. `text` as Node writes subjectAltName. */
export function dnsNames(text: string): readonly string[] {
  return dnsOf(alternativeNames(text));
}

/** Whether one of the names of a certificate is this one; all in lower case. */
export function bearsName(names: readonly string[], wanted: string): boolean {
  return names.some((name) => name.replace(/\.$/, '') === wanted);
}

/** Whether one of the names is a wildcard for this one: a whole label in front, nothing broader than a domain. */
export function bearsWildcardOf(names: readonly string[], wanted: string): boolean {
  const dot = wanted.indexOf('.');
  if (dot <= 0) return false;
  return names.some((written) => {
    const name = written.replace(/\.$/, '');
    // At least two labels stand behind the star.
    return name.startsWith('*.') && wanted.slice(dot) === name.slice(1) && name.includes('.', 2);
  });
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

function dnsOf(names: readonly AlternativeName[]): readonly string[] {
  return names.flatMap(({ kind, value }) => (kind === 'dns' ? [value.toLowerCase()] : []));
}
