import type { MediaSecurity } from '../../mixer/protocol/media-security.ts';
import type { MediaCapabilities } from './media-capabilities.ts';
import type { MediaSection } from './media-section.ts';

/** How a section's packets would be protected, or why it cannot be used. The reason names no key. */
export type SectionSecurity =
  | { readonly outcome: 'plain' }
  | { readonly outcome: 'dtls'; readonly security: Extract<MediaSecurity, { kind: 'dtls' }> }
  | {
      readonly outcome: 'sdes';
      readonly security: Extract<MediaSecurity, { kind: 'sdes' }>;
      /** Of the offer's `a=crypto` that the answer repeats (RFC 4568 §5.1.2). */
      readonly tag: number;
    }
  | { readonly outcome: 'unusable'; readonly reason: string };

/** Some write it in small letters. */
const PLAIN = /^RTP\/AVPF?$/i;
/** Keys by SDES, or by DTLS where there is a fingerprint (RFC 5763 §5 has only the latter's own names). */
const SECURE = /^RTP\/SAVPF?$/;
const DTLS_OVER_UDP = /^UDP\/TLS\/RTP\/SAVPF?$/;
/** RFC 7850 §3.4; browsers once wrote TLS for DTLS. */
const DTLS_OVER_TCP = /^TCP\/D?TLS\/RTP\/SAVPF?$/;

/** Judges a section by its protocol, its keys or fingerprints, and the policy of the peer that offers it. */
export function judgeSecurity(
  section: MediaSection,
  capabilities: MediaCapabilities,
): SectionSecurity {
  return capabilities.kind === 'browser'
    ? judgeBrowser(section, capabilities)
    : judgeTrunk(section, capabilities);
}

function judgeBrowser(section: MediaSection, capabilities: MediaCapabilities): SectionSecurity {
  const { protocol } = section;
  const isDtls =
    SECURE.test(protocol) || DTLS_OVER_UDP.test(protocol) || DTLS_OVER_TCP.test(protocol);
  if (!isDtls) return unusable('no DTLS-SRTP');
  if (section.rtcpMux === 'absent') return unusable('no rtcp-mux');
  if (section.ice === null) return unusable('no ICE credentials');
  return judgeDtls(section, capabilities);
}

function judgeTrunk(section: MediaSection, capabilities: MediaCapabilities): SectionSecurity {
  const { protocol } = section;
  const { srtp, signalling } = capabilities;
  if (PLAIN.test(protocol)) {
    return srtp === 'required' ? unusable('SRTP is required') : { outcome: 'plain' };
  }
  const isDtls = DTLS_OVER_UDP.test(protocol);
  if (!isDtls && !SECURE.test(protocol)) return unusable('not RTP over UDP');
  if (srtp === 'off') return unusable('SRTP is off');
  const crypto = section.cryptos[0];
  if (!isDtls && crypto !== undefined && signalling === 'secure') {
    const { tag, keying } = crypto;
    const outbound = capabilities.keyingFor(keying.profile);
    return { outcome: 'sdes', security: { kind: 'sdes', inbound: keying, outbound }, tag };
  }
  if (!isDtls && section.fingerprints.length === 0) {
    return unusable(crypto === undefined ? 'no usable SRTP key' : 'SRTP key over open signalling');
  }
  return judgeDtls(section, capabilities);
}

/** We are the DTLS server: the peer must be able to be the client (RFC 5763 §5). */
function judgeDtls(section: MediaSection, capabilities: MediaCapabilities): SectionSecurity {
  const { fingerprints, setup } = section;
  if (capabilities.dtls === 'unavailable') return unusable('DTLS is not ready here');
  if (fingerprints.length === 0) return unusable('no usable fingerprint');
  // RFC 4145 §4.1: without the attribute an offer is an active one.
  if (setup !== null && setup !== 'actpass' && setup !== 'active') {
    return unusable('the peer cannot be the DTLS client');
  }
  return { outcome: 'dtls', security: { kind: 'dtls', fingerprints } };
}

function unusable(reason: string): SectionSecurity {
  return { outcome: 'unusable', reason };
}
