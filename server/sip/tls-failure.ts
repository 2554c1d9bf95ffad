/** Which end of a TLS connection we are. */
export type TlsRole = 'server' | 'client';

/** What Node's codes mean, where both ends are told the same. */
const REASONS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  CERT_REVOKED: 'its certificate is revoked',
  CERT_UNTRUSTED: 'its certificate is of an unknown authority',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is of an unknown authority (self-signed)',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is of an unknown authority',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate is of an unknown authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is of an unknown authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is of an unknown authority',
  INVALID_PURPOSE: 'its certificate is for another purpose',
  CERT_CHAIN_TOO_LONG: 'its chain of certificates is too long',
  ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE: 'it has shown no certificate',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'it knows no TLS 1.2',
  ERR_SSL_UNKNOWN_PROTOCOL: 'it does not speak TLS',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS',
  ERR_SSL_HTTP_REQUEST: 'it does not speak TLS',
  ERR_SSL_HTTPS_PROXY_REQUEST: 'it does not speak TLS',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS',
  ERR_SSL_BAD_RECORD_TYPE: 'it does not speak TLS',
  ERR_SSL_RECORD_LAYER_FAILURE: 'it does not speak TLS',
  ERR_SSL_NO_SHARED_CIPHER: 'no cipher in common',
  ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM: 'no signature algorithm in common',
  ERR_SSL_NO_SHARED_SIGNATURE_ALGORITHMS: 'no signature algorithm in common',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'it wants another version of TLS',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'our certificate is of an authority that it does not know',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: 'our certificate has expired',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED: 'our certificate is revoked',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: 'it does not accept our certificate',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'it does not accept our certificate',
  ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE: 'it does not accept our certificate',
  ERR_SSL_TLSV1_ALERT_ACCESS_DENIED: 'it does not accept our certificate',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'it wants a certificate of ours',
  ERR_SSL_TLSV1_UNRECOGNIZED_NAME: 'it does not know the name that we call it by',
  ERR_SSL_TLSV1_ALERT_UNRECOGNIZED_NAME: 'it does not know the name that we call it by',
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE:
    'it broke the handshake off: no cipher in common, or it wants a certificate of ours',
  ERR_TLS_HANDSHAKE_TIMEOUT: 'the handshake took too long',
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'it closed the connection',
  EPIPE: 'it closed the connection',
  ETIMEDOUT: 'no answer in time',
  EHOSTUNREACH: 'no way there',
  ENETUNREACH: 'no way there',
  EADDRNOTAVAIL: 'no way there from the address that we listen on',
  EINVAL: 'no way there from the address that we listen on',
  EMFILE: 'this process has too many files open',
  ENFILE: 'this machine has too many files open',
};

/** Codes that a server of TLS understands in another way than a client. */
const SERVER_REASONS: Readonly<Record<string, string>> = {
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'it offers no TLS 1.2',
  ECONNRESET: 'it closed the connection during the handshake',
};

/**
 * Why a connection or its handshake failed, in a few words of ours; `it` is the peer. What the peer has sent never
 * stands in them: a code that we do not know is told when it looks like one.
 */
export function connectionFailure(code: string | null, role: TlsRole): string {
  if (code === null) return 'it closed the connection';
  const known = (role === 'server' ? SERVER_REASONS[code] : undefined) ?? REASONS[code];
  if (known !== undefined) return known;
  return /^[A-Z0-9_]{1,64}$/.test(code) ? `failed (${code})` : 'failed';
}

/** The code of an error of Node, or null. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null;
}
